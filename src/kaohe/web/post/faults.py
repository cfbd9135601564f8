"""What can be in the way of a message, in words; the server's own words stand beside them."""

from kaohe.web.lang.choice import say

FAULTS: dict[str, tuple[str, str]] = {
    "address": ("登记的邮箱写法不对", "the address in the register is not well formed"),
    "reach": ("这个人已不归你管或已离岗", "this person is no longer in your charge, or has left"),
    "down": ("邮件服务器连不上", "the mail server cannot be reached"),
    "login": ("邮件服务器不接受用户名和密码", "the mail server does not take the user name and password"),
    "sender": ("邮件服务器不接受发件人", "the mail server does not take the sender's address"),
    "cut_off": ("邮件服务器中途断开", "the mail server broke off"),
    "put_off": ("邮件服务器要求稍后再试", "the mail server asks to try later"),
    "refused": ("邮件服务器退回", "the mail server refused it"),
    "broken": ("邮件写不成", "the message cannot be written as mail"),
}


def fault_text(fault: str) -> str:
    """Return what was in the way, in the language that is being spoken."""
    return say(*FAULTS[fault]) if fault in FAULTS else ""
