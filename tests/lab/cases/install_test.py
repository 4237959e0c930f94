"""Installs as users install: helm plugin install under Helm 3 and 4 (folder, archive over HTTP, signed archive), krew's rules, kubectl."""
import hashlib
import http.server
import os
import pathlib
import re
import subprocess
import tarfile
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
STATE = pathlib.Path(os.environ.get("SIGNAL_LAB_STATE", "/var/tmp/signal-lab"))


def lab_environment():
    text = subprocess.run(["bash", "-c", f"set -a; . {STATE}/env; env -0"], capture_output=True, check=True).stdout.decode()
    return dict(line.split("=", 1) for line in text.split("\0") if "=" in line)


class GzipServer:
    """Serves one folder as application/gzip: the only content type by which Helm 3 knows an archive."""

    def __init__(self, folder):
        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *arguments, **options):
                super().__init__(*arguments, directory=str(folder), **options)

            def guess_type(self, path):
                return "application/gzip"

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class InstallTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="signal-install-")
        cls.addClassCleanup(folder.cleanup)
        cls.work = pathlib.Path(folder.name)
        cls.lab = lab_environment()
        cls.dist = cls.make_packages("dist")
        cls.version = re.search(r"project\(signal VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
        cls.helm_archive = cls.dist / f"signal-{cls.version}.tgz"
        cls.krew_archive = cls.dist / f"kubectl-signal-v{cls.version}-linux-amd64.tar.gz"
        cls.unpacked = cls.work / "unpacked"
        with tarfile.open(cls.helm_archive) as archive:
            archive.extractall(cls.unpacked)

    @classmethod
    def make_packages(cls, name):
        out = cls.work / name
        subprocess.run([str(ROOT / "tests/package/make-packages"), str(out)], check=True, capture_output=True)
        return out

    def helm(self, major, *arguments, home=None, **options):
        done = subprocess.run([self.lab[f"SIGNAL_LAB_HELM{major}"], *map(str, arguments)], env=self.environment_of(home or self.new_home()),
                              capture_output=True, text=True, **options)
        self.assertEqual(done.returncode, 0, f"helm{major} {arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    @staticmethod
    def environment_of(home):
        return dict(os.environ, HELM_DATA_HOME=str(home / "data"), HELM_CACHE_HOME=str(home / "cache"), HELM_CONFIG_HOME=str(home / "config"))

    def new_home(self):
        home = tempfile.TemporaryDirectory(prefix="helm-home-", dir=self.work)
        self.addCleanup(home.cleanup)
        return pathlib.Path(home.name)

    def assert_helm_signal_answers(self, major, home):
        self.assertEqual(self.helm(major, "signal", "version", home=home), f"helm-signal {self.version}\n")

    def test_a_folder(self):
        for major in (3, 4):
            with self.subTest(helm=major):
                home = self.new_home()
                self.helm(major, "plugin", "install", self.unpacked, home=home)
                self.assert_helm_signal_answers(major, home)

    def test_an_archive_over_http_as_helm_3_takes_it(self):
        home = self.new_home()
        with GzipServer(self.dist) as server:
            self.helm(3, "plugin", "install", f"{server.url}/{self.helm_archive.name}", home=home)
        self.assert_helm_signal_answers(3, home)

    def test_the_same_archive_over_http_under_helm_4(self):
        """Nobody has signed it: Helm 4 takes it only from who says that this is meant. (As a local file it wants another layout than Helm 3.)"""
        home = self.new_home()
        with GzipServer(self.dist) as server:
            url = f"{server.url}/{self.helm_archive.name}"
            refused = subprocess.run([self.lab["SIGNAL_LAB_HELM4"], "plugin", "install", url], env=self.environment_of(home), capture_output=True, text=True)
            self.assertIn("verification failed", refused.stderr)
            self.helm(4, "plugin", "install", url, "--verify=false", home=home)
        self.assert_helm_signal_answers(4, home)

    def test_a_signed_archive_as_helm_4_wants_it(self):
        gnupg = self.work / "gnupg"
        gnupg.mkdir(mode=0o700)
        gpg = ["gpg", "--homedir", str(gnupg), "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""]
        subprocess.run([*gpg, "--quick-gen-key", "Signal Test <test@example.invalid>", "rsa3072", "sign", "never"], check=True, capture_output=True)
        for kind, name in (("--export-secret-keys", "secring.gpg"), ("--export", "pubring.gpg")):
            (gnupg / name).write_bytes(subprocess.run([*gpg, kind], check=True, capture_output=True).stdout)
        home = self.new_home()
        signed = self.work / "signed"
        signed.mkdir()
        self.helm(4, "plugin", "package", self.unpacked, "--sign", "--key", "Signal Test", "--keyring", gnupg / "secring.gpg", "--destination", signed,
                  home=home, input="\n")
        archive = signed / self.helm_archive.name
        self.assertTrue(archive.with_name(archive.name + ".prov").is_file(), list(signed.iterdir()))
        self.helm(4, "plugin", "install", archive, "--keyring", gnupg / "pubring.gpg", home=home)
        self.assert_helm_signal_answers(4, home)

    def test_packing_twice_gives_the_same_bytes(self):
        again = self.make_packages("again")
        for archive in (self.helm_archive, self.krew_archive):
            self.assertEqual(archive.read_bytes(), (again / archive.name).read_bytes(), archive.name)

    def test_the_krew_archive_keeps_krews_rules(self):
        with tarfile.open(self.krew_archive) as archive:
            members = archive.getmembers()
        self.assertTrue(all(member.isreg() or member.isdir() for member in members), "krew refuses links")
        self.assertFalse(any(member.name.startswith("/") or ".." in member.name.split("/") for member in members))
        files = sorted(os.path.basename(member.name) for member in members if member.isreg())
        self.assertEqual(files, ["LICENSE", "kubectl-signal"])

    def test_the_krew_manifest_keeps_krews_rules(self):
        text = (self.dist / "signal.yaml").read_text()
        self.assertIn("apiVersion: krew.googlecontainertools.github.com/v1alpha2\nkind: Plugin\n", text)
        self.assertNotIn("@", text)
        sha256 = re.search(r"^\s+sha256: ([0-9a-f]{64})$", text, re.M).group(1)
        self.assertEqual(sha256, hashlib.sha256(self.krew_archive.read_bytes()).hexdigest())
        self.assertRegex(text, rf"(?m)^  version: v{re.escape(self.version)}$")
        self.assertLessEqual(len(re.search(r"shortDescription: (.*)", text).group(1)), 50)
        self.assertEqual(re.search(r"^  name: (.*)$", text, re.M).group(1), "signal")
        self.assertIn("bin: kubectl-signal", text)
        self.assertRegex(text, r"from: LICENSE\n\s+to: \.")

    def test_kubectl_runs_the_plugin(self):
        with tarfile.open(self.krew_archive) as archive:
            archive.extractall(self.work / "krew")
        environment = dict(self.lab, PATH=f"{self.work / 'krew'}:{self.lab['PATH']}")
        command = ["nsenter", f"--net={self.lab['SIGNAL_LAB_NETNS']}", self.lab["SIGNAL_LAB_KUBECTL"], "signal"]
        version = subprocess.run([*command, "version"], env=environment, capture_output=True, text=True)
        self.assertEqual((version.returncode, version.stdout), (0, f"kubectl-signal {self.version}\n"), version.stderr)
        preflight = subprocess.run([*command, "preflight", "-n", "datafly", "--config", str(ROOT / "tests/lab/profile.yaml")], env=environment,
                                   capture_output=True, text=True)
        self.assertEqual(preflight.returncode, 0, preflight.stdout + preflight.stderr)


if __name__ == "__main__":
    unittest.main()
