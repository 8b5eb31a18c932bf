"""Routes of the app that are not pages: what mailed links open."""

from django.urls import path

from .web import mine, remind

app_name = "actions"
urlpatterns = [
    path("", mine.ask_link, name="ask_link"),
    path("sent/", mine.link_asked, name="link_asked"),
    path("wrong-address/", mine.wrong_address, name="wrong_address"),
    path("code/<int:petition>/", mine.code, name="code"),
    path("code/<int:petition>/done/", mine.code_done, name="code_done"),
    path("left/<slug:what>/", mine.left, name="left"),
    path("remind/for/<int:petition>/", remind.ask, name="ask_reminder"),
    path("remind/for/<int:petition>/sent/", remind.asked, name="reminder_asked"),
    path("remind/over/", remind.over, name="reminder_over"),
    path("remind/<str:token>/", remind.answer, name="remind"),
    path("<str:token>/", mine.mine, name="mine"),
    path("<str:token>/stop/", mine.stop, name="stop"),
    path("<str:token>/stop/<slug:consent>/", mine.stop, name="stop_one"),
    path("<str:token>/copy.json", mine.copy, name="copy"),
]
