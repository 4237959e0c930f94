"""Charts of an object or two, for cases that are about helm more than about the platform."""
import pathlib

from rollout_support import ACT

SETTINGS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {run: {{ .Values.run | quote }}}\n"


def hook(act, when="pre-upgrade"):
    """A Job before (or after) the upgrade, which does `act` of the lab's act; an install has none."""
    return f"""\
apiVersion: batch/v1
kind: Job
metadata:
  name: prepare
  annotations: {{helm.sh/hook: {when}}}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 1
      containers: [{{name: main, image: "{ACT}", command: [/app/act, {act}]}}]
"""


def write_chart(folder, *objects, version="1.0.0"):
    """The folder of a chart with these templates; what was in it is replaced."""
    folder = pathlib.Path(folder)
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "Chart.yaml").write_text(f"apiVersion: v2\nname: datafly\nversion: {version}\nappVersion: {version}\n")
    (folder / "templates" / "all.yaml").write_text("---\n".join(objects))
    return folder
