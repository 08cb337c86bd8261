"""The production stack on this machine: what deploy/ runs, on spare ports and in a folder of its own.

with Stack() as stack:
    stack.url                      what a browser would be given
    stack.webs[0].kill()           programs: webs, worker, beat, nginx, postgres, redis
    stack.to_redis[0].freeze()     taps: to_postgres, to_redis (of each web process), to_web (of nginx), to_nginx
    stack.from_worker.redis.cut()  and of worker and beat: postgres, redis, mail
    stack.query("SELECT …")        past everything, in the database
    stack.arrange("…")             a few lines of Python, as `manage.py shell` runs them
    stack.heal()                   everything runs again, and no line is at fault

What it has in common with the embedded default stands in installation.py.
"""

import os
import signal
import socket
import ssl
import subprocess
from types import SimpleNamespace

import psycopg
from redis import Redis, RedisError

from tests import services
from tests.production import deployed
from tests.production.installation import Installation
from tests.production.letters import Letters
from tests.production.programs import READY_WITHIN_S

WEBS = 2


class Stack(Installation):
    def _enter(self):
        self.folder, self.identity = self._stack.enter_context(services.new_folder())
        self.letters = self._stack.enter_context(Letters())
        self._start_stores()
        self.to_postgres = [self.tap(self.postgres_port) for _ in range(WEBS)]
        self.to_redis = [self.tap(self.redis_port) for _ in range(WEBS)]
        self.https_port, self.http_port = services.free_port(), services.free_port()
        self.to_nginx = self.tap(self.https_port)
        self.url = f"https://localhost:{self.to_nginx.port}"
        self._prepare()
        self.webs = [self._web(number) for number in range(WEBS)]
        self.to_web = [self.tap(web.port) for web in self.webs]
        self.from_worker, self.from_beat = self._taps_of_jobs(), self._taps_of_jobs()
        self.worker, self.beat = self.another("worker"), self.another("beat")
        self._start_nginx()

    @property
    def programs(self):
        return [self.postgres, self.redis, *self.webs, self.worker, self.beat, self.nginx]

    @property
    def taps(self):
        of_jobs = [*vars(self.from_worker).values(), *vars(self.from_beat).values()]
        return [*self.to_postgres, *self.to_redis, *self.to_web, self.to_nginx, *of_jobs]

    @property
    def front(self):
        return self.to_nginx

    @property
    def door(self):
        return self.https_port

    @property
    def access_log(self):
        """What nginx wrote down; it does so when an answer is gone, and so after it was read."""
        return (self.folder / "helpdesk.access.log").read_text()

    def heal(self):
        super().heal()
        self.letters.is_silent = False

    def query(self, sql, *values):
        with psycopg.connect(self.database_url, autocommit=True) as database:
            cursor = database.execute(sql, values)
            return cursor.fetchall() if cursor.description else cursor.rowcount

    def in_redis(self, *words):
        """One of Redis's own commands."""
        with Redis.from_url(f"redis://127.0.0.1:{self.redis_port}") as client:
            return client.execute_command(*words)

    def letter_to(self, address):
        """What was written to an address last."""
        self.until(lambda: address in self.letters.texts)
        return self.letters.texts[address]

    def held(self):
        """What pages hold here: lines to web processes, channels in Redis, connections of PostgreSQL in mid-change."""
        channels = self.in_redis("PUBSUB", "CHANNELS", "helpdesk-*specific*")
        [(hung,)] = self.query("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%%'")
        return {"lines": sum(tap.lines for tap in self.to_web), "channels": len(channels), "hung": hung}

    def environment(self, *, postgres=None, redis=None, mail=None):
        """helpdesk.env of this stack; all that goes on reaches its stores through taps, a command does without."""
        return deployed.environment(
            PUBLIC_URL=self.url,
            SECRET_KEY="only-for-the-production-tests-5f1c2a9b7d3e8046",
            DATABASE_URL=f"postgresql://helpdesk@127.0.0.1:{port_of(postgres, self.postgres_port)}/postgres",
            REDIS_URL=f"redis://127.0.0.1:{port_of(redis, self.redis_port)}/0",
            EMAIL_URL=f"smtp://127.0.0.1:{port_of(mail, self.letters.port)}",
            DATA_DIR=self.folder / "state",
            DATABASE_POOL_WAIT_S=5,
            CHAT_SWEEP_EVERY_S=1,
        )

    def another(self, unit):
        """One more worker or beat; it goes through the taps of the first."""
        taps = {"worker": self.from_worker, "beat": self.from_beat}[unit]
        return self.run(unit, deployed.command(f"helpdesk-{unit}.service"), env=self.environment(**vars(taps)))

    def _taps_of_jobs(self):
        return SimpleNamespace(
            postgres=self.tap(self.postgres_port), redis=self.tap(self.redis_port), mail=self.tap(self.letters.port)
        )

    def _start_stores(self):
        self.postgres_port, self.redis_port = services.free_port(), services.free_port()
        self.database_url = f"postgresql://helpdesk@127.0.0.1:{self.postgres_port}/postgres"
        programs = services.postgresql_programs()
        services.initdb(programs, self.folder, self.identity)
        own = ("listen_addresses=127.0.0.1", f"port={self.postgres_port}")
        self.postgres = self.run(
            "postgres",
            services.postgresql_command(programs, self.folder, *own),
            ready=lambda: psycopg.connect(self.database_url).close(),
            trouble=[psycopg.Error],
            cwd=self.folder,
            **self.identity,
        )
        # Killed alone it would leave its children behind.
        self._stack.callback(self.postgres.stop, signal.SIGQUIT)
        self.redis = self.run(
            "redis",
            services.redis_command(services.redis_program(), self.redis_port),
            ready=lambda: services.ping_redis(f"redis://127.0.0.1:{self.redis_port}"),
            trouble=[RedisError],
            cwd=self.folder,
        )

    def _prepare(self):
        """What docs/operations.md has done before the first start."""
        self.manage("migrate", "--verbosity=0")
        self.manage("collectstatic", "--noinput", "--verbosity=0")
        self.fill()

    def _web(self, number):
        port = services.free_port()
        web = self.run(
            f"web{number + 1}",
            deployed.command("helpdesk-web@.service", port),
            start=False,
            env=self.environment(postgres=self.to_postgres[number], redis=self.to_redis[number]),
            ready=lambda: is_ready(port),
        )
        web.port = port
        return web.start()

    def _start_nginx(self):
        certificate, key = self._certificate()
        site = deployed.nginx_configuration(
            PUBLIC_URL=self.url,
            SERVER_NAME="localhost",
            HTTP_LISTEN=f"127.0.0.1:{self.http_port}",
            HTTPS_LISTEN=f"127.0.0.1:{self.https_port}",
            CERTIFICATE=certificate,
            CERTIFICATE_KEY=key,
            WEB_SERVERS=" ".join(f"server 127.0.0.1:{tap.port} max_fails=0;" for tap in self.to_web),
            APP_DIR=deployed.ROOT,
            DATA_DIR=self.folder / "state",
            FILES_DIR=self.folder / "state" / "files",
            SPOOL_DIR=self.folder / "spool",
            LOG_DIR=self.folder,
        )
        (self.folder / "helpdesk.conf").write_text(site)
        (self.folder / "nginx.conf").write_text(AROUND.format(folder=self.folder, user=_nginx_user()))
        nginx = services.nginx_program()
        self.nginx = self.run(
            "nginx",
            [nginx, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-g", "daemon off;"],
            ready=lambda: socket.create_connection(("127.0.0.1", self.https_port)).close(),
        )
        self._stack.callback(self.nginx.stop)

    def _certificate(self):
        certificate, key = self.folder / "certificate.pem", self.folder / "key.pem"
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        command += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
        subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
        self.trust = ssl.create_default_context(cafile=str(certificate))
        return certificate, key


# What a machine's own nginx.conf has around a site.
AROUND = """
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 4096; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    sendfile on;
    gzip on;
    proxy_temp_path {folder}/proxy;
    include {folder}/helpdesk.conf;
}}
"""


def _nginx_user():
    """As root it would change to somebody who may not read what root keeps here."""
    return "user root;" if os.geteuid() == 0 else ""


def port_of(tap, direct):
    return direct if tap is None else tap.port


def is_ready(port):
    """Asks as the unit does before a start counts as done. Raises OSError."""
    command = deployed.command("helpdesk-web@.service", port, "ExecStartPost")
    try:
        subprocess.run(command, cwd=deployed.ROOT, check=True, timeout=READY_WITHIN_S, capture_output=True)
    except subprocess.SubprocessError as error:
        raise OSError(str(error)) from error
