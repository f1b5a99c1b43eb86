"""Forms speak GOV.UK: Django's own renderer with our field template and bound field."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting

from govuk.bound import GovukBoundField


class GovukRenderer(TemplatesSetting):
    form_template_name = "govuk/form.html"
    field_template_name = "govuk/fields/group.html"
    bound_field_class = GovukBoundField
