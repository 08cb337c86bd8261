from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("setup/", views.setup, name="setup"),
    # These stand before Django's own at the same addresses: the admin has no second way in or out.
    path("admin/login/", views.admin_door),
    path("admin/logout/", views.sign_out),
    path("availability/", views.availability, name="availability"),
    path("theme/", views.theme, name="theme"),
    path("language/", views.language, name="language"),
    path("customers/", views.customers, name="customers"),
    path("customers/<int:pk>/", views.customer, name="customer"),
]
