"""Addresses of the outbox and of one's own notices."""

from django.urls import path

from kaohe.web.post import views

urlpatterns = [
    path("post/", views.outbox, name="outbox"),
    path("post/<int:pk>/", views.letter, name="letter"),
    path("post/<int:pk>/send/", views.send, name="letter-send"),
    path("post/<int:pk>/drop/", views.drop, name="letter-drop"),
    path("post/<int:pk>/again/", views.again, name="letter-again"),
    path("post/<int:pk>/called/<int:message>/", views.called, name="message-called"),
    path("notices/", views.notices, name="notices"),
    path("notices/<int:pk>/", views.notice, name="notice"),
    path("notices/<int:pk>/open/", views.open_notice, name="notice-open"),
]
