"""What a report asks. The page, the REST interface and the importers all come through `ReportForm`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import CharField, Model, TextChoices

from accounts.enums import Team
from govuk import forms
from incidents.enums import BusinessRole, Nation, RegulatoryArea, Sensitivity, Source
from incidents.enums.countries import COUNTRIES
from incidents.models import Business, Issue, Originator, Product
from kernel import clock

# Clocks of other people's machines differ a little from ours.
CLOCK_SKEW = timedelta(minutes=5)


def column_limit(model: type[Model], field: str) -> int:
    """How many characters the column of a text holds."""
    return cast(CharField, model._meta.get_field(field)).max_length or forms.MAX_TEXT


def _text(model: type[Model], field: str, label: str, **kwargs: Any) -> forms.CharField:
    """An optional line of text as long as its column holds."""
    return forms.CharField(label=label, required=False, max_length=column_limit(model, field), **kwargs)


def _choice(words: type[TextChoices], label: str, *, empty: str, **kwargs: Any) -> forms.ChoiceField:
    """One of a vocabulary, or nothing, which reads `empty`."""
    return forms.ChoiceField(label=label, choices=[("", empty), *words.choices], required=False, **kwargs)


def _country(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", "Not known"), *COUNTRIES.items()], required=False)


class ProductForm(forms.GovukForm):
    """One product, as far as it is known."""

    name = forms.CharField(label="Product name", max_length=column_limit(Product, "name"))
    brand = _text(Product, "brand", "Brand")
    model = _text(Product, "model", "Model or type number")
    category = _text(Product, "category", "Kind of product", help_text="In your own words, such as ‘electric scooter’")
    barcode = _text(Product, "barcode", "Barcode", help_text="The digits, with any leading zeros")
    batch = _text(Product, "batch", "Batch or serial numbers")
    country_of_origin = _country("Country of origin")
    units = _text(Product, "units", "How many are affected", help_text="A number or words, such as ‘about 700’")


class BusinessForm(forms.GovukForm):
    """One business in the supply chain."""

    name = forms.CharField(label="Business name", max_length=column_limit(Business, "name"))
    role = forms.ChoiceField(label="What it does", choices=[("", "Choose its role"), *BusinessRole.choices])
    company_number = _text(Business, "company_number", "Company number")
    country = _country("Country")


class OriginatorForm(forms.GovukForm):
    """Who told OPSS, kept so that they can be told the outcome (IMP-2.1, 2.19)."""

    name = _text(Originator, "name", "Their name")
    organisation = _text(Originator, "organisation", "Their organisation")
    email = forms.EmailField(label="Their e-mail address", required=False, max_length=column_limit(Originator, "email"))
    phone = _text(Originator, "phone", "Their telephone number")
    kind = _choice(Source, "Who they are", empty="Not said")


# What the page folds away under 'Add more' until it is needed, and what of a product it asks outright.
FOLDED = ("originator", "businesses", "nations", "received_at", "regulatory_area", "sensitivity", "functional_team")
ASKED_OF_A_PRODUCT = ("products-0", "products-0-name", "products-0-brand", "products-0-model")


class ReportForm(forms.GovukForm):
    """One issue as it comes in: five questions, and what else is known already (IMP-2.1, 2.2).

    No question about danger is a reason to refuse a report: left open it is kept as not answered, and never as no.
    """

    title = forms.CharField(
        label="What is it?",
        max_length=column_limit(Issue, "title"),
        help_text="One line that names the product and what is wrong",
    )
    summary = forms.CharField(
        label="What happened?",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="What, where and when, and who was harmed",
    )
    products = forms.ListField(ProductForm, label="What product?", row_label="Product", required=False)
    source = forms.ChoiceField(label="How do you know?", choices=[("", "Choose who it comes from"), *Source.choices])
    danger_now = forms.YesNoField(
        label="Could someone be hurt now?",
        required=False,
        open_answer="I do not know",
        help_text="Yes puts it on top of every queue and tells the duty officer at once",
    )
    originator = forms.GroupField(OriginatorForm, label="Who told us", required=False)
    businesses = forms.ListField(BusinessForm, label="Businesses", row_label="Business", required=False)
    nations = forms.MultiChoiceField(label="Nations affected", choices=Nation.choices, required=False)
    received_at = forms.DateTimeField(
        label="When did OPSS receive it?", required=False, help_text="London time. Leave it empty for now"
    )
    is_product_safety = forms.YesNoField(label="Is it about the safety of products?", required=False, initial=True)
    regulatory_area = _choice(RegulatoryArea, "Regulatory area", empty="Consumer products unless you choose another")
    sensitivity = _choice(Sensitivity, "Who may read it", empty="Official unless you choose another")
    functional_team = _choice(Team, "Which team handles it?", empty="Your own team")

    @property
    def says_more(self) -> bool:
        """Whether anything that the page folds away was filled in, or a row of it added or removed just now.

        What is wrong among it was filled in too, so that no error is ever folded away.
        """
        if not self.is_bound:
            return False
        given: frozenset[str] = self.data.given
        more = any(name.startswith("products-") and name not in ASKED_OF_A_PRODUCT for name in given)
        not_as_usual = self.data.get("is_product_safety") not in (None, "", "yes")
        return more or not_as_usual or "remove_row" in given or not given.isdisjoint(FOLDED)

    def clean_received_at(self) -> datetime | None:
        received_at = self.cleaned_data["received_at"]
        if received_at and received_at > clock.now() + CLOCK_SKEW:
            raise forms.ValidationError("The time OPSS received it cannot be in the future", code="in_the_future")
        return received_at


def list_limit(name: str) -> int:
    """How many rows a list of `ReportForm` takes."""
    return cast(forms.ListField, ReportForm.base_fields[name]).max_items
