"""Forms with one field of each kind, shared by the tests of this folder."""

from __future__ import annotations

from typing import Any

from govuk import forms

PEOPLE = {"imt.duty@demo.opss.example": "the duty officer", "ftl.science@demo.opss.example": "the science lead"}
LEVELS = [("low", "Low"), ("high", "High")]
NATIONS = [("england", "England"), ("wales", "Wales")]


class Product(forms.GovukForm):
    name = forms.CharField(label="Product name", max_length=300)
    category = forms.CharField(required=False)
    units = forms.IntegerField(label="Units", required=False, min_value=0)


class Rating(forms.GovukForm):
    level = forms.ChoiceField(label="Level", choices=LEVELS)
    reason = forms.CharField(label="Reason")


class Ratings(forms.GovukForm):
    public_safety = forms.GroupField(Rating, label="Public safety", required=False)
    financial_risk = forms.GroupField(Rating, label="Financial risk", required=False)


class Report(forms.GovukForm):
    title = forms.CharField(label="Title", max_length=250, help_text="A few words")
    summary = forms.CharField(label="What happened?", widget=forms.Textarea)
    source = forms.ChoiceField(
        label="How do you know?",
        choices=[("media", "Media"), ("public", "A member of the public")],
        widget=forms.Radios(hints={"media": "Newspapers, radio, television"}),
    )
    danger_now = forms.YesNoField(label="Could someone be hurt now?", required=False)
    received_at = forms.DateTimeField(label="Received", required=False)
    review_on = forms.DateField(label="Review on", required=False)
    visit = forms.IntegerField(label="Visit", required=False)
    nations = forms.MultiChoiceField(label="Nations", choices=NATIONS, required=False)
    lead = forms.ReferenceField(PEOPLE.get, kind="person", label="Lead", required=False)
    took_part = forms.ReferenceListField(PEOPLE.get, kind="person", label="Who took part", required=False)
    products = forms.ListField(Product, label="Products", row_label="Product", required=False, max_items=3)
    ratings = forms.GroupField(Ratings, label="Ratings", required=False)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("title") == "summary" and self.cleaned_data.get("summary"):
            self.add_error(None, forms.ValidationError("The title says nothing", code="title_says_nothing"))
        return self.cleaned_data


def good(**changes: Any) -> dict[str, Any]:
    """The least that a Report needs, and what a test adds."""
    return {"title": "Charger burns", "summary": "Two chargers burnt", "source": "media", **changes}
