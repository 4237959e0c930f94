#!/usr/bin/env python3
"""make_records.py FOLDER: a release of 2,000 Deployments (7.8 MB of manifest), as a Secret of Helm's holds it (record) and as helm renders it
anew with 20 of them changed (rendering); old.yaml and new.yaml are the two manifests, for GNU diff. --chart FOLDER VERSION COUNT: a chart of such."""
import base64
import gzip
import json
import pathlib
import sys

COUNT, CHANGED = 2000, 20


def deployment(index, version):
    env = "\n".join(f'        - name: VARIABLE_NUMBER_{n}\n          value: "some value of the variable {n} of {index}"' for n in range(36))
    return f"""---
# Source: large/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{index:04d}
  labels:
    app.kubernetes.io/name: app-{index:04d}
    app.kubernetes.io/managed-by: Helm
spec:
  replicas: 2
  selector:
    matchLabels:
      app: app-{index:04d}
  template:
    metadata:
      labels:
        app: app-{index:04d}
    spec:
      containers:
      - name: app
        image: "registry.example.com/app:{version}"
        ports:
        - containerPort: 8080
          name: http
        resources:
          limits: {{cpu: 500m, memory: 256Mi}}
        env:
{env}
"""


def release(manifest, revision):
    return {"name": "large", "namespace": "default", "version": revision, "info": {"status": "deployed"}, "config": {},
            "chart": {"metadata": {"name": "large", "version": "1.0.0"}, "templates": [], "values": {}}, "manifest": manifest}


def chart(folder, version, count):
    """The same Deployments as a chart without templating; no pod of them runs."""
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "Chart.yaml").write_text(f"apiVersion: v2\nname: large\nversion: {version}\n")
    every = max(count // CHANGED, 1)
    for n in range(count):
        text = deployment(n, version if n % every == 0 else "1.2.0").replace("replicas: 2", "replicas: 0")
        (folder / f"templates/d{n:04d}.yaml").write_text(text)


def main():
    if sys.argv[1] == "--chart":
        return chart(pathlib.Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    every = COUNT // CHANGED
    old = "".join(deployment(n, "1.2.0") for n in range(COUNT))
    new = "".join(deployment(n, "1.3.0" if n % every == 0 else "1.2.0") for n in range(COUNT))
    stored = base64.b64encode(gzip.compress(json.dumps(release(old, 1)).encode(), 9))
    (folder / "record").write_bytes(base64.b64encode(stored))
    (folder / "rendering").write_text(json.dumps(release(new, 2)))
    (folder / "old.yaml").write_text(old)
    (folder / "new.yaml").write_text(new)
    print(f"{len(old) / 1e6:.1f} MB of manifest, {len(stored) / 1e6:.2f} MB stored")


if __name__ == "__main__":
    main()
