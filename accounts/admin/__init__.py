"""The admin's pages about people and settings. What is saved here goes through the actions, as everywhere."""

from accounts.admin.customers import ContactAdmin, CustomerAdmin
from accounts.admin.kept import Kept, KeptForm, LookedAt, ReadOnly, moment
from accounts.admin.records import MailAdmin, SignInAttemptAdmin
from accounts.admin.settings import InstallationAdmin, trial_words
from accounts.admin.technicians import TechnicianAdmin

__all__ = [
    "ContactAdmin",
    "CustomerAdmin",
    "InstallationAdmin",
    "Kept",
    "KeptForm",
    "LookedAt",
    "MailAdmin",
    "ReadOnly",
    "SignInAttemptAdmin",
    "TechnicianAdmin",
    "moment",
    "trial_words",
]
