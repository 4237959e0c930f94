"""Secrets planted in every place of a release that can hold one, and the search for their traces in what a program says."""
import base64
import gzip
import html
import json
import re
import urllib.parse
import zlib

MAKES = ("correct-horse-{0}-staple", "hunter{0}x{0}", "p@s+s/{0}\"<&'%wd", "Xk9{0}dQz7Lm2Vb8Rt4Wy6")
LINES = "first line {0} of it\nsecond line {0} of it"


class Secrets:
    """Gives out a new secret for each place and remembers where it went."""

    def __init__(self):
        self.places = {}

    def new(self, place, make=None):
        template = MAKES[len(self.places) % len(MAKES)] if make is None else make
        secret = template.format(1000 + 7 * len(self.places))
        self.places[secret] = place
        return secret

    def found_in(self, text):
        """{secret: (place, form)} of those that left a trace."""
        texts = [text, *hidden_texts(text)]
        found = {}
        for secret, place in self.places.items():
            for form, trace in traces(secret):
                if any(trace in one for one in texts):
                    found[secret] = (place, form)
                    break
        return found


def traces(secret):
    """What of a secret may turn up, form by form. The first and last characters of base64 depend on what stands beside it."""
    yield "plain", secret
    for line in secret.split("\n"):
        if len(line) >= 8:
            yield "a line of it", line
    quoted = json.dumps(secret)[1:-1]
    yield "JSON", quoted
    for _ in range(3):
        quoted = json.dumps(quoted)[1:-1]
        yield "JSON in JSON", quoted
    quoted = json.dumps(secret)[1:-1]
    yield "Go's JSON", quoted.replace("<", "\\u003c").replace("&", "\\u0026")
    for safe in ("", "$&+,;=", "!'()*"):
        yield "URL", urllib.parse.quote(secret, safe=safe)
        yield "URL, +", urllib.parse.quote_plus(secret, safe=safe)
    yield "HTML", html.escape(secret)
    yield "HTML", html.escape(secret, quote=False)
    yield "YAML", secret.replace("'", "''")
    yield "hex", secret.encode().hex()
    for before in (b"", b"x", b"xy"):
        once = base64.b64encode(before + secret.encode())
        yield "base64", once[4:-4].decode()
        yield "base64, URL", once[4:-4].decode().replace("+", "-").replace("/", "_")
        for outer in (b"", b"x", b"xy"):
            yield "base64 twice", base64.b64encode(outer + once)[6:-8].decode()


def hidden_texts(text):
    """What base64 (once, twice) and gzip in the text hold."""
    for run in re.findall(r"[A-Za-z0-9+/_-]{16,}={0,2}", text):
        data = run.replace("-", "+").replace("_", "/").rstrip("=").encode()
        for _ in range(2):
            try:
                data = base64.b64decode(data + b"=" * (-len(data) % 4))
            except ValueError:
                break
            yield data.decode("latin-1")
            if data[:2] == b"\x1f\x8b":
                try:
                    yield zlib.decompress(data, 31).decode("latin-1")
                except zlib.error:
                    pass


def b64(text):
    return base64.b64encode(text.encode()).decode()


PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq{0}hkiG9w0BAQEFAASCBKcw\nggSjAgEAAoIBAQC7{0}VJTUt9Us8cKjMzEf\n-----END PRIVATE KEY-----"
WORD = "hunter{0}word{0}"


class Version:
    """One version of the release: its manifest, values, hooks and notes, with secrets of its own in all of them."""

    def __init__(self, secrets, name, chart="1.2.0"):
        self.secrets, self.name, self.chart = secrets, name, chart
        # A chart copies what a Secret holds to places where nothing tells of it.
        self.copied, self.copied_word = self.new("Secret, copied"), self.new("Secret, copied", WORD)
        self.copied_default = self.new("defaults, copied", WORD)

    def new(self, place, make=None):
        return self.secrets.new(f"{place} ({self.name})", make)

    def objects(self):
        yield self.secret()
        yield self.registry_secret()
        yield self.named("Secret", "third", stringData={"a": self.new("Secret, one of many")})
        yield self.config()
        yield self.copies()
        yield self.deployment()
        yield self.service()
        yield self.custom()

    @staticmethod
    def named(kind, name, version="v1", **fields):
        return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": "shop", **fields.pop("metadata", {})}, **fields}

    def secret(self):
        new = self.new
        data = {"password": b64(new("Secret data")), "lines": b64(new("Secret data, lines", LINES)), "copied": b64(self.copied),
                "word": b64(self.copied_word), "tls.key": b64(new("Secret data, PEM", PEM)), "twice": b64(b64(new("Secret data, base64 twice"))),
                "config.json": b64(json.dumps({"db": {"password": new("Secret data, JSON")}}))}
        return self.named("Secret", "shop", data=data, stringData={"token": new("Secret stringData")},
                          metadata={"labels": {"api-token": new("label of a Secret", WORD)}, "annotations": {"shop.example.com/note": new("annotation of a Secret"), "helm.sh/note": new("annotation of a Secret")}})

    def registry_secret(self):
        login = {"auths": {"r.io": {"username": "robot", "password": self.new("docker config"), "auth": b64("robot:" + self.new("docker config, auth"))}}}
        return self.named("Secret", "registry", type="kubernetes.io/dockerconfigjson", data={".dockerconfigjson": b64(json.dumps(login))})

    def config(self):
        new = self.new
        texts = {
            "app.yaml": "db:\n  host: db\n  password: {}\n  tokens:\n  - {}\n  - {}\nlog: info\n".format(
                json.dumps(new("ConfigMap, YAML")), new("ConfigMap, YAML list", WORD), new("ConfigMap, YAML list", WORD)),
            "block.yaml": "log: {}\nsecretKey: |\n  {}\n  {}\n".format(
                self.chart, new("ConfigMap, YAML block", WORD), new("ConfigMap, YAML block", WORD)),
            "app.json": json.dumps({"auth": {"password": new("ConfigMap, JSON"), "user": "x"}}, indent=2),
            "minified.json": json.dumps({"clients": [{"name": "a", "secret": new("ConfigMap, minified JSON")}]}),
            "app.properties": f"a={self.chart}\nspring.datasource.password={new('ConfigMap, properties')}\n"
                              f"sasl.jaas.config=x required username=\"u\" password=\"{new('ConfigMap, JAAS', WORD)}\";\n",
            "app.ini": f"[server]\nversion = {self.chart}\n[credentials]\nbob = {new('ConfigMap, ini section')}\n[db]\npassword = {new('ConfigMap, ini')}\n",
            "app.toml": f"version = \"{self.chart}\"\napi_key = {json.dumps(new('ConfigMap, TOML'))}\n",
            "env.sh": f"export VERSION={self.chart}\nexport PGPASSWORD='{new('ConfigMap, shell', WORD)}'\nmysql -h db -p{new('ConfigMap, mysql', WORD)} x\n"
                      f"curl -u bob:{new('ConfigMap, curl', WORD)} https://h/\n"
                      f"redis-cli -h db -a {new('ConfigMap, redis-cli', WORD)} ping\n",
            "server.xml": f"<c>\n<v>{self.chart}</v>\n<password>{new('ConfigMap, XML', WORD)}</password>\n"
                          f"<property name=\"db.password\" value=\"{new('ConfigMap, XML property', WORD)}\"/>\n</c>\n",
            "nginx.conf": f"# {self.chart}\nproxy_set_header Authorization \"Basic {b64('u:' + new('ConfigMap, nginx'))}\";\n"
                          f"proxy_set_header X-Api-Key {new('ConfigMap, header of nginx', WORD)};\nset $api_key {new('ConfigMap, variable of nginx', WORD)};\n",
            "redis.conf": f"# {self.chart}\nrequirepass {new('ConfigMap, redis', WORD)}\n",
            "url": f"postgres://signal:{new('DSN', WORD)}@db:5432/x",
            "mysql": f"signal:{new('DSN without a scheme', WORD)}@tcp(db:3306)/x",
            "ado": f"Server=db;User Id=sa;Password={new('ADO connection string', WORD)};",
            "libpq": f"host=db user=u password={new('libpq connection string', WORD)} sslmode=require",
            "key.pem": "# " + self.chart + "\n" + new("ConfigMap, PEM", PEM),
            "password": new("ConfigMap, key"),
            "github": "ghp_" + new("token of GitHub", "abcdefghij{0}ABCDEFGHIJ"),
            "aws": "AKIA" + new("key of AWS", "ABCDEFGH{0}IJKL"),
            "gitlab": "glpat-" + new("token of GitLab", "abcdefgh{0}IJKL_mnop"),
            "slack": "https://hooks.slack.com/services/T0/B0/" + new("Slack webhook", "abcdEFGH{0}ijkl"),
            "random": new("random word", "aB3dE5gH7jK9{0}mN1pQ3sT5"),
            "manifest.yaml": f"kind: Secret\nversion: {self.chart}\nstringData:\n  a: {new('manifest in a ConfigMap', WORD)}\n",
        }
        return self.named("ConfigMap", "shop", data=texts, metadata={"annotations": {
            "shop.example.com/owner": new("annotation"), "checksum/config": new("checksum", "6c0f8b1e4d2a{0}9f37c5b8e1d04a7f2c96"),
            "kubectl.kubernetes.io/last-applied-configuration": json.dumps({"x": new("last-applied annotation")}),
            "nginx.ingress.kubernetes.io/auth-token": new("annotation of a known domain")}})

    def copies(self):
        both, word = self.copied, self.copied_word
        return self.named("ConfigMap", "copies", data={
            "greeting": f"hello {both}", "lines": f"version {self.chart}\nhello {both} and {word}\n", "base64": b64(both), "within": b64(f"x:{both}"),
            "twice": b64(b64(both)), "url": f"https://h/?q={urllib.parse.quote(both, safe='')}", "json": json.dumps({"a": both}),
            word: self.chart, "hex": both.encode().hex(), "default": self.copied_default, "default64": b64(f"x:{self.copied_default}")},
            metadata={"labels": {"shop.example.com/id": word}})

    def deployment(self):
        new = self.new
        secret_env = {"name": "FROM", "valueFrom": {"secretKeyRef": {"name": "shop", "key": "password"}}}

        def container(name, image):
            return {"name": name, "image": f"r.io/{image}:{self.chart}", "command": ["run", "--secret-key", new("command", WORD)],
                    "args": ["--verbose", f"--db-password={new('args')}", "--token", new("args, next item"), f"--url=redis://:{new('args, DSN', WORD)}@h",
                             f"-Djavax.net.ssl.keyStorePassword={new('args, -D', WORD)}",
                             f"-p{new('args, -p', WORD)}", "-a", new("args, -a", WORD)],
                    "env": [{"name": "DB_PASSWORD", "value": new("env")}, {"name": "MODE", "value": new("env of no telling name")},
                            {"name": "LINES", "value": new("env, lines", LINES)}, {"name": "DSN", "value": f"amqp://u:{new('env, DSN', WORD)}@h"}, secret_env],
                    "readinessProbe": {"httpGet": {"path": "/", "port": 80, "httpHeaders": [{"name": "Authorization", "value": new("probe header")}]}},
                    "lifecycle": {"preStop": {"exec": {"command": ["sh", "-c", f"curl -H 'Authorization: Bearer {new('lifecycle hook', WORD)}' h"]}},
                                  "postStart": {"exec": {"command": ["redis-cli", "-a", new("lifecycle hook, -a", WORD), "ping"]}}}}
        spec = {"containers": [container("app", "app")], "initContainers": [container("migrate", "migrate")]}
        template = {"metadata": {"labels": {"app": "shop"}, "annotations": {"vault.example.com/inject": new("annotation of pods")}}, "spec": spec}
        return self.named("Deployment", "shop", "apps/v1", spec={"replicas": 2, "selector": {"matchLabels": {"app": "shop"}}, "template": template})

    def service(self):
        return self.named("Service", "shop", spec={"ports": [{"port": 80}], "selector": {"app": "shop"}},
                          metadata={"annotations": {"example.com/webhook": f"https://u:{self.new('annotation, URL', WORD)}@h/"}})

    def custom(self):
        new = self.new
        return self.named("Widget", "shop", "example.com/v1", spec={
            "size": self.chart, "auth": {"password": new("custom resource"), "credentials": {"key": new("custom resource, below credentials")}},
            "users": [{"name": "bob", "apiToken": new("custom resource, list")}], "env": {"ANY": new("custom resource, env")}, "note": self.copied_word,
            "url": f"mongodb+srv://u:{new('custom resource, DSN', WORD)}@h/x"})

    def manifest(self, objects=None):
        return "".join(f"---\n# Source: shop/templates/x.yaml\n{json.dumps(one)}\n" for one in objects or self.objects())

    def hooks(self):
        pod = {"containers": [{"name": "m", "image": "r.io/m:" + self.chart, "args": ["--api-key", self.new("hook, args")],
                               "env": [{"name": "A", "value": self.new("hook, env")}]}], "restartPolicy": "Never"}
        job = self.named("Job", "migrate", "batch/v1", spec={"template": {"spec": pod}}, metadata={"annotations": {"helm.sh/hook": "pre-upgrade"}})
        secret = self.named("Secret", "hook", stringData={"a": self.new("hook, Secret")}, metadata={"annotations": {"helm.sh/hook": "pre-upgrade"}})
        return [{"name": one["metadata"]["name"], "kind": one["kind"], "path": "shop/templates/hook.yaml", "manifest": json.dumps(one),
                 "events": ["pre-upgrade"], "weight": 0} for one in (job, secret)]

    def release(self, revision, status="deployed"):
        new = self.new
        config = {"adminPassword": new("values"), "some": {"setting": new("values, no telling name")}, "list": [new("values, list")],
                  "url": f"redis://:{new('values, DSN', WORD)}@h", "pem": new("values, PEM", PEM), "replicas": 2}
        defaults = {"adminPassword": new("defaults"), "db": {"password": self.copied_default}, "licence": new("defaults, licence", WORD), "auth": {"token": new("defaults, nested")}, "dsn": f"redis://:{new('defaults, DSN', WORD)}@h",
                    "image": {"tag": self.chart}, "tls": {"key": new("defaults, PEM", PEM)}}
        metadata = {"name": "shop", "version": self.chart, "appVersion": self.chart, "description": f"see https://u:{new('chart metadata', WORD)}@h/"}
        template = {"name": "templates/x.yaml", "data": b64(f"password: {new('template')}")}
        return {"name": "shop", "namespace": "shop", "version": revision, "manifest": self.manifest(), "hooks": self.hooks(), "config": config,
                "info": {"status": status, "notes": f"Log in with {new('NOTES')}", "last_deployed": "2026-11-26T00:00:00Z",
                         "description": f"password={new('description', WORD)}"},
                "chart": {"metadata": metadata, "values": defaults, "templates": [template],
                          "files": [{"name": "x.txt", "data": b64(new("file of the chart"))}], "schema": None}}


def stored(release):
    """data.release of a record."""
    return b64(base64.b64encode(gzip.compress(json.dumps(release).encode())).decode())
