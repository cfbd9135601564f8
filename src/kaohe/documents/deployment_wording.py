"""Faults of a deployment as sentences: its settings, its address, its backups."""

from collections.abc import Mapping

DEPLOYMENT: Mapping[str, tuple[str, str, str, str]] = {
    "option_unknown": (
        "没有这一项设置", "there is no such setting",
        "对照 docs/deployment.zh.md 更正或删去", "correct it by docs/deployment.md, or remove it",
    ),
    "setting_number": ("{found} 不行", "{found} will not do", "应为 1 或更大的整数", "it must be a whole number of 1 or more"),
    "setting_large": ("{found} 太大", "{found} is too much", "最多 {most}", "it must be {most} at most"),
    "setting_bool": ("{found} 不行", "{found} will not do", "应为 true 或 false", "it must be true or false"),
    "setting_list": (
        "{found} 不行", "{found} will not do",
        '应为列表，如 ["10.0.0.5", "kaohe.local"]', 'it must be a list, such as ["10.0.0.5", "kaohe.local"]',
    ),
    "setting_text": ("{found} 不行", "{found} will not do", "应为带引号的文字", "it must be a text in quotes"),
    "setting_profile": (
        "没有 {found} 这一档", "there is no profile {found}",
        "应为 modern 或 dengbao", "it must be modern or dengbao",
    ),
    "setting_smtp_tls": (
        "没有 {found} 这种加密", "there is no encryption {found}",
        "应为 starttls、tls 或 none", "it must be starttls, tls or none",
    ),
    "setting_port": ("{found} 不是端口", "{found} is no port", "应为 1 至 65535", "it must be 1 to 65535"),
    "setting_mailbox": (
        "{found} 不是邮箱地址", "{found} is no address for mail",
        "写成 kaohe@benxi.gov.cn，前面可以加名称：公训办 <kaohe@benxi.gov.cn>",
        "write kaohe@benxi.gov.cn, perhaps with a name before it: Office <kaohe@benxi.gov.cn>",
    ),
    "mail_half": (
        "有邮件服务器，没有发件人", "there is a mail server and no sender's address",
        "把发件人的邮箱写进 mail_from", "write the sender's address into mail_from",
    ),
    "mail_login_half": (
        "邮件服务器的用户名和密码文件缺一个", "of the mail server's user name and password file one is missing",
        "smtp_user 和 smtp_password_file 都写，或都不写", "give both smtp_user and smtp_password_file, or neither",
    ),
    "setting_database": (
        "不认识这种数据库：{found}", "an unknown kind of database: {found}",
        "应为 sqlite，或 postgresql:// 开头的地址", "it must be sqlite, or an address that begins with postgresql://",
    ),
    "setting_address": (
        "数据库的地址写得不对", "the address of the database is not whole",
        "写成 postgresql://账号:密码@主机:5432/库名；密码里的 @ : / # ? % 写成 %40 %3A %2F %23 %3F %25",
        "write postgresql://user:password@host:5432/name; @ : / # ? % of a password as %40 %3A %2F %23 %3F %25",
    ),
    "setting_address_option": (
        "数据库的地址里不能写 {found}", "the address of the database cannot hold {found}",
        "问号后面只写 host=；其余用环境变量告诉 libpq，如 PGSSLMODE", "after the question mark there is host= only; tell libpq others by the environment, such as PGSSLMODE",
    ),
    "setting_standard": (
        "没有 {found} 这个标准", "there is no standard {found}",
        "应为自带的标准（{library}），或标准文件的路径", "it must be one that comes with the program ({library}), or the path of a standard's file",
    ),
    "setting_zone": (
        "没有 {found} 这个时区", "there is no time zone {found}",
        "中国各地用 Asia/Shanghai", "all of China uses Asia/Shanghai",
    ),
    "setting_host": (
        "{found} 不是 IP 或名字", "{found} is neither an IP address nor a name",
        "只写 IP 或名字，不带 http:// 和端口", "write the address or name alone, without http:// and port",
    ),
    "setting_proxy": (
        "{found} 不是 IP 地址", "{found} is not an IP address",
        "逐个写出反向代理的 IP", "name the IP address of each reverse proxy",
    ),
    "settings_broken": (
        "设置文件读不懂：{found}", "the file of settings cannot be read: {found}",
        "它应是一个 TOML 文件", "it must be a TOML file",
    ),
    "settings_not_utf8": (
        "设置文件不是 UTF-8 编码", "the file of settings is not UTF-8 text",
        "用 UTF-8 编码另存", "save it again as UTF-8",
    ),
    "secret_weak": (
        "会话密钥没有，或太短", "the session key is missing or too short",
        "运行 kaohe init，或放回原来的 keys/secret-key", "run `kaohe init`, or put the old keys/secret-key back",
    ),
    "hosts_none": (
        "一个地址也没有写，谁也打不开", "no address is named, so nobody could reach it",
        '写出访问它的 IP 和名字，如 ["10.0.0.5", "kaohe.local"]', 'name the IP addresses and names under which it is reached, such as ["10.0.0.5", "kaohe.local"]',
    ),
    "hosts_open": (
        "地址写成了通配：{found}", "the hosts hold a wildcard: {found}",
        "逐个写出 IP 和名字", "name each IP address and name",
    ),
    "plain_http": (
        "{found} 不是本机地址，明文 http 不能对外", "{found} is not this machine's own address, and http is plain",
        "运行 kaohe init --certificate 建证书，或用 --tls-cert 和 --tls-key，或在 proxies 里声明反向代理",
        "run `kaohe init --certificate`, or give --tls-cert and --tls-key, or declare the reverse proxy in `proxies`",
    ),
    "demo_open": (
        "演示系统只能在本机打开，{found} 不行", "a demonstration is for this machine only, not {found}",
        "正式使用请运行 kaohe init", "run `kaohe init` for real use",
    ),
    "demo_accounts": (
        "数据库里有演示账号，密码人人皆知", "the database has accounts of the demonstration, whose password everybody knows",
        "这个数据库是演示用的：用 kaohe init 另建一个", "it is a demonstration's: found another with `kaohe init`",
    ),
    "tls_half": (
        "证书和私钥只给了一个", "a certificate without its key, or a key without its certificate",
        "tls_cert 和 tls_key 都要给", "give both tls_cert and tls_key",
    ),
    "tls_unusable": (
        "{found} 和 {key} 用不了：不是 PEM 格式的证书和它的私钥，或私钥有密码，或两个不是一对",
        "{found} and {key} cannot be used: no certificate and private key in PEM, or the key has a password, or they are no pair",
        "给出一对没有密码的证书和私钥，或删去 tls_cert 和 tls_key 再运行 kaohe init --certificate",
        "give a pair without a password, or remove tls_cert and tls_key and run `kaohe init --certificate`",
    ),
    "ca_unusable": (
        "{found} 不是 PEM 格式的证书", "{found} is no certificate in PEM",
        "给出邮件服务器签发机构的证书", "give the certificate of the authority of the mail server",
    ),
    "file_missing": ("没有这个文件：{found}", "there is no such file: {found}", "改正路径", "correct the path"),
    "port_taken": (
        "端口 {found} 已被占用", "port {found} is taken",
        "换一个：--port 8123（make demo PORT=8123）", "take another: --port 8123 (make demo PORT=8123)",
    ),
    "port_wrong": ("没有端口 {found}", "there is no port {found}", "应为 0 到 65535", "it must be between 0 and 65535"),
    "port_refused": (
        "系统不允许用端口 {found}", "the system does not let this account use port {found}",
        "用 1024 以上的端口，如 --port 8443", "take one above 1024, such as --port 8443",
    ),
    "address_unusable": (
        "这台机器没有 {found} 这个地址", "this machine has no address {found}",
        "写这台机器自己的 IP，或 0.0.0.0", "give an IP address of this machine, or 0.0.0.0",
    ),
    "home_missing": (
        "这里还没有系统", "there is no deployment here",
        "先运行 kaohe init，或用 --home 指定它的文件夹", "run `kaohe init` first, or name its folder with --home",
    ),
    "database_unreachable": (
        "数据库连不上：{found}", "the database does not answer: {found}",
        "检查 database 的地址、账号和数据库服务", "look at the address, the account and the server in `database`",
    ),
    "database_refuses": (
        "数据库不许这个账号这样做：{found}", "the database does not let this account do it: {found}",
        "让这个账号做数据库的属主：ALTER DATABASE 库名 OWNER TO 账号", "make the account the owner: ALTER DATABASE name OWNER TO account",
    ),
    "database_damaged": (
        "数据库文件损坏：{found}", "the database file is damaged: {found}",
        "留着这个文件夹，把最近的备份用 kaohe restore 恢复到另一个文件夹",
        "keep this folder, and `kaohe restore` the newest backup into another one",
    ),
    "migrations_pending": (
        "数据库还没有升级，差 {found} 步", "the database lacks {found} steps",
        "先运行 kaohe migrate（会先备份）", "run `kaohe migrate` first (it backs up)",
    ),
    "key_lost": (
        "签名用的密钥不见了", "the key that signs checkpoints is missing",
        "把原来的 keys/journal-key 放回来，不要另做一把", "put the old keys/journal-key back; never make another",
    ),
    "key_damaged": (
        "签名用的密钥文件已损坏", "the key that signs checkpoints is damaged",
        "把原来的 keys/journal-key 放回来，不要另做一把", "put the old keys/journal-key back; never make another",
    ),
    "key_of_another_log": (
        "这把密钥没有签过这里的检查点，是另一个系统的", "this key has signed no checkpoint of this system: it is another's",
        "把这个系统原来的 keys/journal-key 放回来", "put this system's own keys/journal-key back",
    ),
    "keys_unreadable": (
        "不能读：{found}", "it cannot be read: {found}",
        "用运行系统的那个账号执行，或改正文件的权限", "run it as the account that runs the system, or mend the file's permissions",
    ),
    "backup_broken": (
        "这不是完好的备份：{found}", "it is not a whole backup: {found}",
        "换一份备份", "take another backup",
    ),
    "backup_differs": (
        "内容与备份时的摘要不符", "its content is not what its digest says",
        "换一份备份", "take another backup",
    ),
    "backup_path": ("路径越界", "its path leads outside", "这份备份不可信", "the backup cannot be trusted"),
    "backup_of_other_database": (
        "这是 {found} 的备份，这里用的是 {here}", "it is a backup of {found}, and this deployment uses {here}",
        "把 database 设成同一种", "set `database` to the same kind",
    ),
    "backup_newer": (
        "备份来自更新的版本（{found}）", "the backup was made by a newer version ({found})",
        "先升级 kaohe", "upgrade kaohe first",
    ),
    "backup_unsound": (
        "备份的内容互相矛盾：{found}", "what the backup holds contradicts itself: {found}",
        "换一份备份；这里没有留下任何东西", "take another backup; nothing of it was left here",
    ),
    "database_newer": (
        "数据库来自更新的版本（{found}）", "the database is of a newer version ({found})",
        "升级 kaohe", "upgrade kaohe",
    ),
    "place_not_empty": (
        "这里已有文件", "there are files here",
        "用 --home 指定一个空文件夹", "name an empty folder with --home",
    ),
    "database_not_empty": (
        "数据库不是空的", "the database is not empty",
        "恢复只往空的地方去：换一个文件夹或一个空数据库", "it is brought back into an empty place only: another folder, or an empty database",
    ),
    "home_taken": (
        "这里已经有一个系统", "there is a deployment here already",
        "启动用 kaohe serve；另建一个用 --home 指定别处", "`kaohe serve` starts it; found another elsewhere with --home",
    ),
    "answer_unfit": ("{found} 不行", "{found} will not do", "换一个", "give another"),
    "answer_missing": ("没有回答", "there is no answer", "在命令行给出这一项", "give it on the command line"),
}  # fmt: skip
