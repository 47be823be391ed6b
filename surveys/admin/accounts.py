"""Accounts of staff, and the roles that they are given. Nobody makes themselves more than they are.

Roles are the groups of the migration: seen here, and changed by nobody. An account may do what its
roles may, and nothing else; for an hour at most, what break glass opens
(outcomes_portal/break_glass.py).
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Count, ManyToManyField, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from surveys import actions
from surveys.admin.pages import PortalAdmin

POWERS = ("is_active", "is_staff", "groups")

admin.site.unregister([User, Group])


@admin.register(User)
class AccountAdmin(PortalAdmin, UserAdmin):
    """Whoever manages accounts and is no superuser sees no superuser's account, makes none, and
    leaves their own roles as they are."""

    about = "Who signs in, and with which roles. An account that is not needed is made inactive."
    list_display = ("username", "full_name", "roles", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        rows = super().get_queryset(request).prefetch_related("groups")
        return rows if _is_super(request) else rows.filter(is_superuser=False)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        powers = (*POWERS, "is_superuser") if _is_super(request) else POWERS
        return (
            (None, {"fields": ("username", "password")}),
            ("Who it is", {"fields": ("first_name", "last_name", "email")}),
            ("What they may do", {"fields": powers}),
            ("Dates", {"fields": self.readonly_fields}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        own = obj is not None and obj == request.user and not _is_super(request)
        return (*self.readonly_fields, *POWERS) if own else self.readonly_fields

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """The roles, each with a box to tick."""
        given = {"queryset": Group.objects.order_by("name"), "widget": forms.CheckboxSelectMultiple}
        return super().formfield_for_manytomany(db_field, request, **kwargs | given)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """An account that is made here is a member of staff's."""
        obj.is_staff = obj.is_staff or not change
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Which roles were given and taken is an event of its own in the audit log."""
        before = _roles_of(form.instance)
        super().save_related(request, form, formsets, change)
        after = _roles_of(form.instance)
        given = [f"given {name}" for name in sorted(after - before)]
        taken = [f"taken {name}" for name in sorted(before - after)]
        if given or taken:
            actions.record(
                what="user: roles",
                about=form.instance,
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
                detail=", ".join(given + taken),
            )

    @admin.display(description="name")
    def full_name(self, row: User) -> str:
        return row.get_full_name()

    @admin.display(description="roles", empty_value="none yet")
    def roles(self, row: User) -> str:
        names = [group.name for group in row.groups.all()]
        return ", ".join(["superuser: may do everything", *names] if row.is_superuser else names)


@admin.register(Group)
class RoleAdmin(PortalAdmin):
    """Read only. What each role may is decided in outcomes/roles.py, with its tests."""

    about = "The roles that accounts are given, and how many active accounts have each."
    list_display = ("name", "people")
    ordering = ("name",)
    fields = ("name", "may")
    readonly_fields = ("may",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        active = Count("user", filter=Q(user__is_active=True))
        return super().get_queryset(request).annotate(people=active)

    @admin.display(description="people", ordering="people")
    def people(self, row: Group) -> int:
        return row.people  # type: ignore[attr-defined, no-any-return]

    @admin.display(description="what it may do")
    def may(self, row: Group) -> str:
        return "; ".join(row.permissions.values_list("name", flat=True))


def _is_super(request: HttpRequest) -> bool:
    return bool(request.user.is_superuser)


def _roles_of(user: User) -> set[str]:
    return set(user.groups.values_list("name", flat=True))
