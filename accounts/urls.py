from django.urls import path

from accounts import customer_views, views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("setup/", views.setup, name="setup"),
    # These stand before Django's own at the same addresses: the admin has no second way in or out.
    path("admin/login/", views.admin_door),
    path("admin/logout/", views.sign_out),
    path("password/", views.ChangePassword.as_view(), name="password"),
    path("availability/", views.availability, name="availability"),
    path("theme/", views.theme, name="theme"),
    path("language/", views.language, name="language"),
    path("customers/", customer_views.customers, name="customers"),
    path("customers/new/", customer_views.new_customer, name="new_customer"),
    path("customers/<int:pk>/", customer_views.customer, name="customer"),
    path("customers/<int:pk>/agent/", customer_views.agent_switch, name="agent_switch"),
    path("customers/<int:pk>/contacts/new/", customer_views.new_contact, name="new_contact"),
    path("contacts/<int:pk>/edit/", customer_views.edit_contact, name="edit_contact"),
]
