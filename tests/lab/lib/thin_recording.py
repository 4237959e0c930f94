#!/usr/bin/env python3
"""Makes a recording of `kubectl signal rollout --record` small enough to keep, without a change to what it shows.

Usage: thin_recording.py FROM.jsonl TO.jsonl

Events about objects that the recording does not hold are dropped (of pods that were gone before it began), those by which Deployments and
ReplicaSets tell that they scale (their status tells it, too), ReplicaSets of revisions long past, and whatever changes nothing.
"""
import json
import pathlib
import sys


def is_idle(event, known):
    about = event["involvedObject"]
    scales = event["type"] == "Normal" and about["kind"] in ("Deployment", "ReplicaSet")
    return scales or about.get("uid") not in known


def revision(replica_set):
    return int(replica_set["metadata"]["annotations"]["deployment.kubernetes.io/revision"])


def past_revisions(changes):
    """ReplicaSets that have no pods all the time, and are not the newest of their Deployment."""
    sets = [change["object"] for change in changes if change["kind"] == "ReplicaSet"]
    newest = {}
    for one in sets:
        owner = one["metadata"]["controller"]["uid"]
        newest[owner] = max(newest.get(owner, 0), revision(one))
    busy = {one["metadata"]["uid"] for one in sets if one.get("replicas") or one.get("statusReplicas")
            or revision(one) == newest[one["metadata"]["controller"]["uid"]]}
    return {one["metadata"]["uid"] for one in sets} - busy


def main():
    source, target = map(pathlib.Path, sys.argv[1:3])
    changes = [json.loads(line) for line in source.read_text().splitlines()]
    past = past_revisions(changes)
    known = {change["object"]["metadata"]["uid"] for change in changes if "object" in change and change["kind"] != "Event"} - past
    kept, newest = [], {}
    for change in changes:
        if change["kind"] == "Event" and is_idle(change["object"], known):
            continue
        if "object" in change:
            uid = change["object"]["metadata"]["uid"]
            if uid in past:
                continue
            if newest.get(uid) == change["object"]:
                continue
            newest[uid] = change["object"]
        kept.append(change)
    target.write_text("".join(json.dumps(change, ensure_ascii=False, separators=(",", ":")) + "\n" for change in kept))


if __name__ == "__main__":
    main()
