"""Settings come from the environment, and what cannot work is refused with a sentence."""

import errno
import os
import runpy
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from environs import EnvError

from helpdesk import checks, env

ROOT = Path(__file__).resolve().parent.parent
OURS = (
    "EMAIL",
    "DATA",
    "DATABASE",
    "REDIS",
    "SECRET",
    "DEMO",
    "DEBUG",
    "HOST",
    "PORT",
    "PUBLIC",
    "ALLOWED",
    "CSRF",
    "CHAT",
    "LOG",
    "METRICS",
)


@pytest.fixture
def read(monkeypatch, tmp_path):
    """Read the settings afresh: `read(PORT="80")`."""

    def read_settings(**environment):
        for name in [name for name in os.environ if name.startswith(OURS)]:
            monkeypatch.delenv(name)
        for name, value in ({"DATA_DIR": str(tmp_path)} | environment).items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "helpdesk" / "settings.py"))

    return read_settings


BAD = {
    "CHAT_ANSWER_WITHIN_S": ("0", "-1", "soon", "inf", "nan"),
    "CHAT_IDLE_WARNING_S": ("300", "1e9"),
    "CHAT_SWEEP_EVERY_S": ("-0.5", ""),
    "PORT": ("0", "65536", "http"),
    "PUBLIC_URL": ("help.example.com", "ftp://help.example.com", "https://help.example.com/path", "https://"),
    "DATABASE_URL": ("mysql://db/helpdesk", "nonsense"),
    "REDIS_URL": ("localhost:6379", "http://redis"),
    "PROXY_COUNT": ("-1", "two"),
    "DEMO": ("perhaps",),
    "EMAIL_URL": ("mail.example.com", "mail.example.com:25", "ftp://mail.example.com", "smtp://mail:port"),
    "LOG_LEVEL": ("LOUD",),
    "LOG_FORMAT": ("xml",),
    "METRICS_TOKEN": ("short",),
    "DRAIN_FOR_S": ("-1", "31"),
    "TIME_ZONE": ("Mars/Olympus",),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_a_bad_value_is_refused_by_name(read, name, value):
    with pytest.raises(EnvError, match=name):
        read(**{name: value})


SECRET = "canary-in-a-secret"
BAD_SECRETS = {
    "DATABASE_URL": (
        f"mysql://helpdesk:{SECRET}@db/helpdesk",
        f"postgresql://helpdesk:{SECRET}/x@db/helpdesk",
        f"postgresql://helpdesk:{SECRET}[x@db/helpdesk",
        f"helpdesk:{SECRET}@db",
    ),
    "REDIS_URL": (f"http://:{SECRET}@redis", f"redis://:{SECRET}/x@redis:6379", f"redis://:{SECRET}[x@redis", SECRET),
    "EMAIL_URL": (f"ftp://desk:{SECRET}@mail", f"smtp://desk:{SECRET}/x@mail", f"smtp://desk:{SECRET}[x@mail", SECRET),
    "METRICS_TOKEN": (SECRET[-9:],),
}
PROGRAMS = {
    "serve": ("manage.py", "serve"),
    "worker": ("-m", "celery", "-A", "helpdesk", "--quiet", "worker"),
    "beat": ("-m", "celery", "-A", "helpdesk", "--quiet", "beat"),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD_SECRETS.items() for value in values])
def test_a_bad_value_that_may_hold_a_secret_is_named_and_not_shown(read, name, value):
    with pytest.raises(EnvError, match=name) as refused:
        read(**{name: value})
    assert SECRET[-9:] not in str(refused.value)


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_program_ends_with_a_sentence_and_no_traceback(tmp_path, program):
    environment = os.environ | {"CHAT_IDLE_AFTER_S": "-5", "DATA_DIR": str(tmp_path)}
    del environment["DJANGO_SETTINGS_MODULE"]
    command = [sys.executable, *PROGRAMS[program]]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr == "Helpdesk cannot start: CHAT_IDLE_AFTER_S must be above zero, and is -5.\n"


def test_limits_are_spans_of_time_and_may_be_fractions(read):
    settings = read(CHAT_ANSWER_WITHIN_S="0.5", CHAT_IDLE_AFTER_S="4", CHAT_IDLE_WARNING_S="1")
    assert settings["CHAT_ANSWER_WITHIN"] == timedelta(milliseconds=500)
    assert settings["CHAT_IDLE_AFTER"] == timedelta(seconds=4)
    assert settings["CHAT_TICKET_AFTER"] == timedelta(minutes=2)


def test_alone_it_is_a_demonstration_on_sqlite_in_one_process(read, tmp_path):
    settings = read()
    assert settings["DEMO"]
    assert not settings["DEBUG"]
    assert settings["DATABASES"]["default"]["NAME"] == tmp_path / "helpdesk.sqlite3"
    assert settings["CHANNEL_LAYERS"]["default"]["BACKEND"] == "helpdesk.layer.ThreadSafeChannelLayer"
    assert settings["CELERY_BROKER_URL"].startswith("memory://")


def test_with_postgresql_and_redis_it_is_neither_demonstration_nor_secretless(read):
    settings = read(DATABASE_URL="postgresql://helpdesk@db/helpdesk", REDIS_URL="redis://redis:6379")
    assert not settings["DEMO"]
    assert settings["SECRET_KEY"] == ""
    database = settings["DATABASES"]["default"]
    assert database["CONN_MAX_AGE"] == 0
    assert database["CONN_HEALTH_CHECKS"]
    assert database["OPTIONS"]["pool"]["max_size"] == 20
    assert "-c statement_timeout=30000" in database["OPTIONS"]["options"]


def test_a_migration_may_take_its_time_and_an_address_has_the_last_word(read):
    address = "postgresql://db/helpdesk?connect_timeout=1"
    options = read(DATABASE_URL=address, DATABASE_STATEMENT_TIMEOUT_S="0")["DATABASES"]["default"]["OPTIONS"]
    assert "-c statement_timeout=0" in options["options"]
    assert options["connect_timeout"] == 1


def test_the_pool_cannot_be_smaller_than_its_least(read):
    with pytest.raises(EnvError, match="DATABASE_POOL_MAX"):
        read(DATABASE_URL="postgresql://db/helpdesk", DATABASE_POOL_MIN="5", DATABASE_POOL_MAX="4")


@pytest.mark.parametrize("at_once", ["0", "20"])
def test_requests_have_turns_and_leave_some_of_the_pool_to_open_pages(read, at_once):
    with pytest.raises(EnvError, match="REQUESTS_AT_ONCE"):
        read(DATABASE_URL="postgresql://db/helpdesk", DATABASE_POOL_MAX="20", REQUESTS_AT_ONCE=at_once)


def test_the_secret_key_is_made_once_and_for_its_owner_only(read, tmp_path):
    first = read()["SECRET_KEY"]
    assert len(first) > 50
    assert read()["SECRET_KEY"] == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_cookies_and_transport_follow_the_public_address(read):
    plain, secure = read(), read(PUBLIC_URL="https://help.example.com")
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS"):
        assert not plain[name]
        assert secure[name]
    assert "help.example.com" in secure["ALLOWED_HOSTS"]
    assert secure["CSRF_TRUSTED_ORIGINS"] == ["https://help.example.com"]


def test_mail_goes_to_its_server_and_without_one_into_files(read):
    assert read()["EMAIL_BACKEND"] == "helpdesk.outbox.EmailBackend"
    settings = read(EMAIL_URL="submission://desk:p%40ss@mail.example.com")
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    found = {name: settings[f"EMAIL_{name}"] for name in ("HOST", "PORT", "USE_TLS", "HOST_USER", "HOST_PASSWORD")}
    wanted = {"HOST": "mail.example.com", "PORT": 587, "USE_TLS": True, "HOST_USER": "desk", "HOST_PASSWORD": "p@ss"}
    assert found == wanted


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_this_machine_is_known_by_its_addresses(host):
    assert env.is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "help.example.com", ""])
def test_what_others_can_reach_is_not_this_machine(host):
    assert not env.is_loopback(host)


def test_the_demonstration_is_refused_where_others_can_reach_it(settings):
    settings.DEMO, settings.HOST = True, "0.0.0.0"
    assert [problem.id for problem in checks.check_demo_stays_here()] == ["helpdesk.E002"]
    settings.DEMO = False
    assert checks.check_demo_stays_here() == []


def test_production_without_a_secret_key_is_refused(settings):
    settings.SECRET_KEY = ""
    assert [problem.id for problem in checks.check_secret_key()] == ["helpdesk.E001"]


def test_the_redis_client_that_closes_idle_sockets_is_refused(settings, monkeypatch):
    settings.REDIS_URL = "redis://redis:6379"
    assert checks.check_redis_client() == []
    monkeypatch.setattr(checks, "version", lambda _name: "8.0.1")
    assert [problem.id for problem in checks.check_redis_client()] == ["helpdesk.E003"]


def test_postgresql_without_redis_is_for_one_process(settings, monkeypatch):
    settings.REDIS_URL = ""
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", env.POSTGRESQL)
    assert [problem.id for problem in checks.check_one_process()] == ["helpdesk.W001"]


def test_mail_that_reaches_nobody_is_worth_a_warning(settings):
    settings.DEMO, settings.EMAIL_HOST = False, ""
    assert [problem.id for problem in checks.check_mail_leaves()] == ["helpdesk.W002"]
    settings.DEMO = True
    assert checks.check_mail_leaves() == []


def test_a_folder_that_keeps_no_files_is_worth_a_warning(settings, tmp_path):
    settings.UPLOADS_DIR, settings.FILES_DIR = tmp_path, tmp_path / "not yet made"
    assert checks.check_files_can_be_kept() == []
    (tmp_path / "a file").touch()
    settings.FILES_DIR = tmp_path / "a file" / "in it"
    [problem] = checks.check_files_can_be_kept()
    assert (problem.id, str(settings.FILES_DIR) in problem.msg) == ("helpdesk.W005", True)


def test_a_disk_of_files_that_is_away_keeps_nothing_from_starting(settings, tmp_path, monkeypatch):
    look = os.stat

    def is_away(path, **how):
        if Path(path).is_relative_to(tmp_path):
            raise OSError(errno.ESTALE, "Stale file handle")
        return look(path, **how)

    settings.UPLOADS_DIR = settings.FILES_DIR = tmp_path / "files"
    monkeypatch.setattr(os, "stat", is_away)
    with pytest.raises(OSError, match="Stale"):
        settings.FILES_DIR.exists()
    assert {problem.id for problem in checks.check_files_can_be_kept()} <= {"helpdesk.W005"}


@pytest.mark.django_db
def test_a_database_that_writes_down_what_people_say_is_worth_a_warning():
    assert checks.check_database_log(databases=["default"]) == []
    # Not asked where the command does not need a database.
    assert checks.check_database_log() == []
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL log_min_error_statement = error")
        assert [problem.id for problem in checks.check_database_log(databases=["default"])] == ["helpdesk.W004"]
