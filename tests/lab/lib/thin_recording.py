#!/usr/bin/env python3
"""Makes a recording of `kubectl signal rollout --record` small enough to keep, without a change to what it shows.

Usage: thin_recording.py FROM.jsonl TO.jsonl

Events about objects that the recording does not hold are dropped (of pods that were gone before it began), those by which Deployments and
ReplicaSets tell that they scale (their status tells it, too), and whatever changes nothing.
"""
import json
import pathlib
import sys


def is_idle(event, known):
    about = event["involvedObject"]
    scales = event["type"] == "Normal" and about["kind"] in ("Deployment", "ReplicaSet")
    return scales or about.get("uid") not in known


def main():
    source, target = map(pathlib.Path, sys.argv[1:3])
    changes = [json.loads(line) for line in source.read_text().splitlines()]
    known = {change["object"]["metadata"]["uid"] for change in changes if "object" in change and change["kind"] != "Event"}
    kept, newest = [], {}
    for change in changes:
        if change["kind"] == "Event" and is_idle(change["object"], known):
            continue
        if "object" in change:
            uid = change["object"]["metadata"]["uid"]
            if newest.get(uid) == change["object"]:
                continue
            newest[uid] = change["object"]
        kept.append(change)
    target.write_text("".join(json.dumps(change, ensure_ascii=False, separators=(",", ":")) + "\n" for change in kept))


if __name__ == "__main__":
    main()
