"""The journal in words: actions, areas, fields, reasons and differences, in both languages.

An action is `resource:verb`; its words are those of the verb and the resource, or stand whole in `ACTIONS` where the
two together do not read well. A word that is not here is shown as it was written.
"""

from kaohe.web.lang.choice import say

Words = tuple[str, str]

RESOURCES: dict[str, Words] = {
    "account": ("账号", "account"),
    "backup": ("备份", "backup"),
    "checkpoint": ("检查点", "checkpoint"),
    "import": ("导入", "import"),
    "invitation": ("邀请", "invitation"),
    "job": ("后台任务", "background work"),
    "journal": ("日志", "journal"),
    "link": ("一次性链接", "one-time link"),
    "membership": ("角色", "role"),
    "message": ("邮件", "message"),
    "password": ("密码", "password"),
    "person": ("人员", "person"),
    "personal_value": ("个人信息", "personal value"),
    "posting": ("任职", "posting"),
    "round": ("考核轮次", "round"),
    "second_factor": ("动态码", "second factor"),
    "security_log": ("安全日志", "security log"),
    "session": ("会话", "session"),
    "setting": ("设置", "setting"),
    "standard": ("标准", "standard"),
    "system": ("系统", "system"),
    "unit": ("单位", "unit"),
}

VERBS: dict[str, Words] = {
    "activate": ("启用", "activated"),
    "add": ("新增", "added"),
    "begin": ("开始", "began"),
    "cancel": ("取消", "cancelled"),
    "change": ("修改", "changed"),
    "close": ("关闭", "closed"),
    "confirm": ("确认", "confirmed"),
    "create": ("新增", "created"),
    "delete": ("删除", "deleted"),
    "depart": ("调离", "departed"),
    "draft": ("草拟", "drafted"),
    "drop": ("放弃", "dropped"),
    "edit": ("修改", "edited"),
    "end": ("终止", "ended"),
    "erase": ("清除", "erased"),
    "export": ("导出", "exported"),
    "found": ("建立", "founded"),
    "give": ("授予", "gave"),
    "grant": ("授予", "granted"),
    "invite": ("邀请", "invited"),
    "join": ("调入", "joined"),
    "load": ("载入", "loaded"),
    "make": ("生成", "made"),
    "merge": ("合并", "merged"),
    "move": ("调动", "moved"),
    "open": ("开通", "opened"),
    "remove": ("移除", "removed"),
    "rename": ("更名", "renamed"),
    "reopen": ("重新启用", "reopened"),
    "reset": ("重设", "reset"),
    "restore": ("恢复", "restored"),
    "retry": ("再发", "tried again"),
    "revoke": ("收回", "revoked"),
    "send": ("发出", "sent"),
    "set": ("设置", "set"),
    "take_back": ("撤回", "took back"),
    "upload": ("上传", "uploaded"),
    "use": ("使用", "used"),
    "withdraw": ("收回", "withdrew"),
}

ACTIONS: dict[str, Words] = {
    "import:upload": ("上传导入文件", "uploaded import"),
    "journal:export": ("导出日志", "exported the journal"),
    "journal:verify": ("核对日志", "checked the journal"),
    "membership:begin": ("授予角色", "gave role"),
    "membership:end": ("终止角色", "ended role"),
    "message:call": ("打电话告知", "told by a call"),
    "message:drop": ("不发邮件", "dropped message"),
    "message:retry": ("再发邮件", "tried to send again"),
    "round:close": ("结束填报", "closed round"),
    "round:create": ("拟定考核轮次", "drafted round"),
    "round:export": ("导出记录", "exported the records of round"),
    "round:open": ("开始填报", "opened round"),
    "security_log:export": ("导出安全日志", "exported the security log"),
}

FIELDS: dict[str, Words] = {
    "account": ("账号", "account"),
    "action": ("动作", "action"),
    "actor": ("谁", "who"),
    "address": ("地址", "address"),
    "after": ("改后", "after"),
    "authority": ("主管机关", "authority"),
    "before": ("改前", "before"),
    "calls": ("打电话", "calls"),
    "changed": ("改动", "changed"),
    "changes": ("改动", "changes"),
    "code": ("代码", "code"),
    "complete": ("整表", "complete"),
    "count": ("个数", "count"),
    "counts": ("条数", "counts"),
    "criterion": ("考核内容", "criterion"),
    "day": ("日期", "day"),
    "departed": ("离任", "departed"),
    "digest": ("摘要", "digest"),
    "duty": ("职责", "duty"),
    "entries": ("条数", "entries"),
    "expires": ("到期", "expires"),
    "file": ("文件", "file"),
    "file_sha256": ("文件摘要", "file's digest"),
    "file_name": ("文件名", "file name"),
    "filters": ("筛选", "filters"),
    "form": ("格式", "format"),
    "format": ("格式", "format"),
    "from": ("起", "from"),
    "is_active": ("启用", "active"),
    "is_authority": ("主管机关", "is an authority"),
    "joined": ("到任", "joined"),
    "leader": ("分管领导", "leader"),
    "left_out": ("没有发", "left out"),
    "mails": ("邮件", "mails"),
    "name": ("名称", "name"),
    "new": ("新", "new"),
    "notices": ("系统内通知", "notices"),
    "office": ("责任科室", "office"),
    "officer": ("专人", "officer"),
    "official_order": ("序号", "official order"),
    "old": ("旧", "old"),
    "parent": ("上级", "parent"),
    "peer_group": ("组别", "group"),
    "person": ("人员", "person"),
    "phone": ("电话", "phone"),
    "post": ("职务", "post"),
    "q": ("查找", "search"),
    "reason": ("理由", "reason"),
    "role": ("角色", "role"),
    "round": ("轮次", "round"),
    "rows": ("行数", "rows"),
    "rows_digest": ("各行摘要", "rows' digest"),
    "rows_sha256": ("各行摘要", "rows' digest"),
    "since": ("起", "since"),
    "size": ("大小", "size"),
    "successor": ("并入单位", "successor"),
    "table": ("表", "table"),
    "tables": ("各表", "tables"),
    "text_sha256": ("文字摘要", "text's digest"),
    "to": ("止", "to"),
    "unchanged": ("未变", "unchanged"),
    "unit": ("单位", "unit"),
    "until": ("止", "until"),
    "username": ("用户名", "user name"),
    "valid_from": ("生效", "valid from"),
    "valid_to": ("失效", "valid to"),
    "version": ("版本", "version"),
    "within": ("单位", "unit"),
    "absent": ("文件中没有", "not in the file"),
    "added": ("增加", "added"),
    "due": ("截止日", "due"),
    "end": ("期间止", "last day"),
    "kind": ("种类", "kind"),
    "ledger_at": ("台账状态", "state of the ledger"),
    "removed": ("去掉", "removed"),
    "standard": ("标准", "standard"),
    "start": ("期间起", "first day"),
    "units": ("单位", "units"),
    "year": ("年度", "year"),
}

TABLES: dict[str, Words] = {
    "units": ("单位", "units"),
    "people": ("人员", "people"),
    "activities": ("训练活动", "activities"),
    "attendance": ("出勤", "attendance"),
    "quotas": ("调训名额", "quotas"),
    "contests": ("竞赛", "contests"),
    "supplies": ("教材手册", "supplies"),
    "appraisals": ("考核测评", "appraisals"),
    "bulletins": ("训练信息", "bulletins"),
    "judgements": ("评分", "judgements"),
    "city": ("整个城市文件夹", "a whole city folder"),
}

REASONS: dict[str, Words] = {
    "daily": ("每日", "daily"),
    "asked": ("审计员要求", "asked by the auditor"),
    "backup": ("备份前", "before a backup"),
}

DIFFERENCES: dict[str, Words] = {
    "form": ("条目有一栏不合规格", "a column of the entry is not of its form"),
    "gap": ("序号不连续：有条目被删、被插入或被调换", "the numbers have a gap: an entry was removed, added or moved"),
    "leaf": ("条目与它的摘要不符：条目或摘要被改过", "the entry is not what its digest says: one of them was altered"),
    "root": ("日志的根与检查点（或日志头）不符", "the root is not that of the checkpoint (or of the head)"),
    "short": ("日志比检查点（或日志头）短", "the journal is shorter than the checkpoint (or the head) says"),
    "head": ("日志头缺失或损坏", "the head of the journal is missing or damaged"),
    "beyond": ("日志头之后还有条目", "there are entries beyond the head"),
    "area": ("条目的类别与动作不符", "the entry's area is not that of its action"),
    "tile": ("证明用的摘要与条目不符", "a hash kept for proofs is not that of the entries"),
    "note": ("检查点与它的文本不符，或文本损坏", "a checkpoint is not what its text says, or the text is damaged"),
    "signature": ("检查点的签名不对", "a checkpoint's signature is not good"),
    "sealed": ("密封的个人信息与它的摘要不符", "a sealed personal value is not what its digest says"),
}


def action_title(action: str) -> str:
    """Return what was done, in the language that is being spoken.

    >>> action_title("unit:edit"), action_title("flag:wave")
    ('修改单位', 'flag:wave')
    """
    return say(*action_words(action))


def action_words(action: str) -> Words:
    """Return what was done, in both languages; the action itself where a word of it is not known."""
    if action in ACTIONS:
        return ACTIONS[action]
    resource, _, verb = action.partition(":")
    if resource not in RESOURCES or verb not in VERBS:
        return action, action
    return VERBS[verb][0] + RESOURCES[resource][0], f"{VERBS[verb][1]} {RESOURCES[resource][1]}"


def area_title(area: str) -> str:
    """Return an area, the resource part of actions, in the language that is being spoken."""
    zh, en = RESOURCES.get(area, (area, area))
    return say(zh, en[:1].upper() + en[1:])


def field_title(name: str) -> str:
    """Return the name of a payload's field in the language that is being spoken."""
    return say(*FIELDS.get(name, (name, name)))


def reason_title(reason: str) -> str:
    """Return why a checkpoint was made, in the language that is being spoken."""
    return say(*REASONS.get(reason) or action_words(reason))


def difference_title(code: str) -> str:
    """Return what is wrong, in the language that is being spoken."""
    return say(*DIFFERENCES[code])
