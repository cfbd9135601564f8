"""Addresses of accounts and sign-in. Those under allauth's names are where its views send people."""

from django.urls import path

from kaohe.web.accounts.views import manage, own, sign_in

urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/", sign_in.SignIn.as_view(), name="account_login"),
    path("sign-in/second-factor/", sign_in.SignInCode.as_view(), name="sign-in-code"),
    path("sign-in/second-factor/", sign_in.SignInCode.as_view(), name="mfa_authenticate"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("forgot/", sign_in.forgot, name="forgot"),
    path("link/<str:token>/", sign_in.link, name="link"),
    path("account/", own.account, name="account"),
    path("account/confirm/", sign_in.Confirm.as_view(), name="confirm"),
    path("account/confirm/", sign_in.Confirm.as_view(), name="account_reauthenticate"),
    path("account/confirm/", sign_in.Confirm.as_view(), name="mfa_reauthenticate"),
    path("account/password/", own.password, name="password"),
    path("account/second-factor/", own.second_factor, name="second-factor"),
    path("account/second-factor/", own.second_factor, name="mfa_deactivate_totp"),
    path("account/recovery-codes/", own.recovery, name="recovery-codes"),
    path("account/recovery-codes/file/", own.recovery_file, name="recovery-codes-file"),
    path("account/sessions/", own.sessions, name="sessions"),
    path("accounts/", manage.accounts, name="accounts"),
    path("accounts/new/", manage.new_account, name="new-account"),
    path("accounts/units/", manage.unit_choices, name="unit-choices"),
    path("accounts/<int:pk>/", manage.one_account, name="one-account"),
    path("accounts/<int:pk>/edit/", manage.edit, name="edit-account"),
    path("accounts/<int:pk>/close/", manage.close, name="close-account"),
    path("accounts/<int:pk>/reopen/", manage.reopen, name="reopen-account"),
    path("accounts/<int:pk>/second-factor/", manage.reset, name="reset-second-factor"),
    path("accounts/<int:pk>/link/", manage.make_link, name="make-link"),
    path("accounts/<int:pk>/memberships/", manage.begin, name="begin-membership"),
    path("accounts/<int:pk>/memberships/<int:membership>/end/", manage.end, name="end-membership"),
]
