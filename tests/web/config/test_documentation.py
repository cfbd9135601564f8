"""`docs/deployment.md` is true: every setting with its environment name and default, every command, in both languages."""

import argparse
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from kaohe.cli import server_commands
from kaohe.web.config.configuration import Configuration

DOCS = Path(__file__).parents[3] / "docs"
PAGES = [DOCS / "deployment.md", DOCS / "deployment.zh.md"]
EMPTY = {"deployment.md": "empty", "deployment.zh.md": "空"}
both = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def shown(name: str, value: Any, page: Path) -> str:
    if name == "secret_key":
        return "`keys/secret-key`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        value = ", ".join(value)
    return f"`{value}`" if value != "" else EMPTY[page.name]


@both
def test_every_setting_stands_in_the_table_with_its_environment_name_and_default(page: Path) -> None:
    text = page.read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.split("|")[1:4]]
        for line in text.splitlines()
        if line.startswith("| `") and "KAOHE_" in line.split("|")[2]
    ]

    settings = [field for field in fields(Configuration) if field.name != "home"]
    assert rows == [[f"`{f.name}`", f"`KAOHE_{f.name.upper()}`", shown(f.name, f.default, page)] for f in settings]


@both
def test_every_command_and_only_such_options_as_there_are_stand_in_it(page: Path) -> None:
    text = page.read_text("utf-8")
    known: dict[str, set[str]] = {}

    def command(name: str, said: str, runs: str) -> argparse.ArgumentParser:
        parser = argparse.ArgumentParser(name)
        known[name] = set()
        parser.register("action", None, argparse._StoreAction)
        parsers[name] = parser
        return parser

    parsers: dict[str, argparse.ArgumentParser] = {}
    server_commands.add(command, 1)

    for name, parser in parsers.items():
        if name != "journal":
            known[name] = set(parser._option_string_actions)
            assert f"kaohe {name}" in text, name
    for name, rest in re.findall(r"^(?:ExecStart=/opt/kaohe/bin/)?kaohe (\w+)(.*)$", text, re.MULTILINE):
        assert set(re.findall(r"--[a-z-]+", rest)) <= known[name], name


def test_both_pages_have_the_same_sections_and_the_same_blocks() -> None:
    english, chinese = (page.read_text("utf-8") for page in PAGES)

    assert len(re.findall(r"^#", english, re.MULTILINE)) == len(re.findall(r"^#", chinese, re.MULTILINE))
    assert re.findall(r"\[Unit\].*?```", english, re.DOTALL) == re.findall(r"\[Unit\].*?```", chinese, re.DOTALL)
