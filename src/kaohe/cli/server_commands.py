"""The commands of the web as the parser knows them; what they do is imported when they run."""

import argparse
from collections.abc import Callable

HELP: dict[str, tuple[str, str]] = {
    "demo": ("试用：一座虚构的城市，十种角色各一个账号", "try it: an invented city, an account for each of the ten roles"),
    "init": ("建立一个系统：设置、数据库、安全管理员", "found a system: settings, database, security administrator"),
    "serve": ("启动网页系统和后台任务", "serve the web system and its background work"),
    "migrate": ("升级数据库（先备份）", "bring the database up to date (backs up first)"),
    "backup": ("备份数据库和文件（不含密钥）", "back up database and files (without the keys)"),
    "restore": ("把备份恢复到空的地方，并核对", "bring a backup back into an empty place, and compare"),
    "doctor": ("体检：哪里不对，怎样解决", "what is wrong with this deployment, and how to mend it"),
    "journal": ("日志：核对、导出", "the journal: verify, export"),
    "home": ("系统所在文件夹（默认 KAOHE_HOME 或 ./kaohe-data）", "the deployment's folder (default: KAOHE_HOME or ./kaohe-data)"),
    "demo_home": ("演示数据放在哪里（默认 ./kaohe-demo）", "where the demonstration lives (default: ./kaohe-demo)"),
    "port": ("端口（默认 8000）", "the port (default: 8000)"),
    "reset": ("从头开始", "begin afresh"),
    "address": ("监听地址（默认 127.0.0.1，只限本机）", "address to listen on (default: 127.0.0.1, this machine only)"),
    "tls_cert": ("证书（PEM）", "certificate (PEM)"),
    "tls_key": ("证书的私钥（PEM）", "the certificate's private key (PEM)"),
    "host": ("别的电脑用哪个 IP 或名字访问，可写多次", "an IP address or name by which other computers reach it; may be repeated"),
    "certificate": ("自建证书机构并签发证书", "make a certificate authority of one's own and a certificate"),
    "database": ("PostgreSQL 地址（默认用 SQLite）", "address of PostgreSQL (default: SQLite)"),
    "title": ("系统名称（红头）", "title of the system"),
    "office": ("主办单位", "the office that runs it"),
    "contact": ("登录不了时找谁", "whom to call when one cannot sign in"),
    "authority_code": ("主管机关代码", "code of the authority"),
    "authority_name": ("主管机关名称", "name of the authority"),
    "username": ("安全管理员用户名", "user name of the security administrator"),
    "name": ("安全管理员姓名", "name of the security administrator"),
    "backup_out": ("写到哪个文件夹（默认 HOME/backups）", "folder to write into (default: HOME/backups)"),
    "file": ("备份文件", "the backup"),
}  # fmt: skip

Adds = Callable[..., argparse.ArgumentParser]


def add(command: Adds, side: int) -> None:
    """Add the commands; `command(name, help, runs)` makes one, `side` is 0 for Chinese and 1 for English."""

    def text(key: str) -> str:
        return HELP[key][side]

    def made(name: str, runs: str, home: str = "home") -> argparse.ArgumentParser:
        parser = command(name, text(name), runs)
        parser.add_argument("--home", metavar="DIR", help=text(home))
        return parser

    demo = made("demo", "server:demo", "demo_home")
    demo.add_argument("--port", type=int, default=8000, metavar="N", help=text("port"))
    demo.add_argument("--reset", action="store_true", help=text("reset"))
    init = made("init", "founding:run")
    init.add_argument("--certificate", action="store_true", help=text("certificate"))
    init.add_argument("--database", metavar="URL", help=text("database"))
    init.add_argument("--host", action="append", default=[], metavar="IP|NAME", help=text("host"))
    for name in ("title", "office", "contact", "authority_code", "authority_name", "username", "name"):
        init.add_argument(f"--{name.replace('_', '-')}", metavar="TEXT", help=text(name))
    serve = made("serve", "server:serve")
    serve.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help=text("address"))
    serve.add_argument("--port", type=int, default=8000, metavar="N", help=text("port"))
    serve.add_argument("--tls-cert", metavar="FILE", help=text("tls_cert"))
    serve.add_argument("--tls-key", metavar="FILE", help=text("tls_key"))
    made("migrate", "server:migrate")
    made("backup", "server:backup").add_argument("--out", metavar="DIR", help=text("backup_out"))
    made("restore", "server:restore").add_argument("file", metavar="FILE", help=text("file"))
    made("doctor", "server:doctor")
