"""Addresses of the journal and the security log."""

from django.urls import path

from kaohe.web.journal import views

urlpatterns = [
    path("", views.journal, name="journal"),
    path("export/", views.export_journal, name="journal-export"),
    path("verify/", views.verify_journal, name="journal-verify"),
    path("key.txt", views.verifier_key, name="journal-key"),
    path("checkpoints/", views.checkpoints, name="checkpoints"),
    path("checkpoints/sign/", views.sign_checkpoint, name="checkpoint-sign"),
    path("checkpoints/<int:pk>.txt", views.checkpoint_note, name="checkpoint-note"),
    path("security/", views.security_log, name="security-log"),
    path("security/export/", views.export_security_log, name="security-log-export"),
    path("<int:seq>/", views.journal_entry, name="journal-entry"),
    path("<int:seq>/proof.json", views.entry_proof, name="journal-proof"),
]
