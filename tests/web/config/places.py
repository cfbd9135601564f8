"""Deployments of their own for tests: a home, a database, and the commands run as processes."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

PROGRAM = [sys.executable, "-m", "kaohe.cli.main"]
SERVER = os.environ.get("KAOHE_DATABASE", "")
"""The address of the PostgreSQL that the tests run on; empty on SQLite."""
FIRST = ("--authority-name", "市公训办", "--name", "张三")


def clean(**added: str) -> dict[str, str]:
    """The environment without the settings of the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KAOHE_", "DJANGO_"))}
    return kept | {"PYTHONUTF8": "1", "PYTHONWARNINGS": "ignore"} | added


def new_database(template: str | None = None) -> str:
    """Make a database on the server of the tests and return its address."""
    name = f"kaohe_place_{uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
    return urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))


def drop_database(address: str) -> None:
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name_of(address)}" WITH (FORCE)')


def name_of(address: str) -> str:
    return urlsplit(address).path.lstrip("/")


@dataclass
class Deployment:
    """A home and its database: an address of PostgreSQL, or empty for the file in the home."""

    home: Path
    database: str = ""

    @property
    def environment(self) -> dict[str, str]:
        added = {"KAOHE_HOME": str(self.home)}
        return clean(**added, **({"KAOHE_DATABASE": self.database} if self.database else {}))

    def run(self, *arguments: str, language: str = "en", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `kaohe`."""
        command = [*PROGRAM, *arguments, "--lang", language]
        given = self.environment | environment
        return subprocess.run(
            command, env=given, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=300
        )  # fmt: skip

    def start(self, code: str, *arguments: str) -> "subprocess.Popen[str]":
        """Start a program that finds Django awake on this deployment."""
        awake = "import os, sys, django\nos.environ['DJANGO_SETTINGS_MODULE'] = 'kaohe.web.config.settings'\ndjango.setup()\n"
        return subprocess.Popen(
            [sys.executable, "-c", awake + code, *arguments], env=self.environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def python(self, code: str, *arguments: str) -> str:
        """Run such a program to its end and return what it said."""
        process = self.start(code, *arguments)
        said, _ = process.communicate(timeout=300)
        assert process.returncode == 0, said
        return said

    def query(self, statement: str) -> list[tuple[object, ...]]:
        """Ask the database itself."""
        if self.database:
            with psycopg.connect(self.database, autocommit=True) as there:
                found = there.execute(statement)
                return found.fetchall() if found.description else []
        with closing(sqlite3.connect(self.home / "kaohe.sqlite3", timeout=60)) as file:
            rows = file.execute(statement).fetchall()
            file.commit()
            return rows

    def tables(self) -> list[str]:
        statement = (
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            if self.database
            else "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        return sorted(str(name) for (name,) in self.query(statement))

    def content(self) -> dict[str, list[str]]:
        """Every row of every table."""
        return {table: sorted(map(repr, self.query(f'SELECT * FROM "{table}"'))) for table in self.tables()}

    def copied(self, home: Path) -> "Deployment":
        """A deployment with the same home and the same rows."""
        shutil.copytree(self.home, home)
        return Deployment(home, new_database(name_of(self.database)) if self.database else "")


def empty_place(home: Path) -> Deployment:
    """A place where nothing is yet."""
    return Deployment(home, new_database() if SERVER else "")
