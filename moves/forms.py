"""What every move, and every other door that decides, may ask besides its own inputs."""

from __future__ import annotations

from govuk import forms


class InPlaceOf(forms.GovukForm):
    """Why a senior acts in place of a post that the move or door is for. Nobody else is asked."""

    acting_reason = forms.CharField(
        label="Why do you act in their place?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It goes on record with your name, and the holder of the post is told",
    )


def with_acting_reason(form: type[forms.GovukForm]) -> type[forms.GovukForm]:
    """The form of a move or another door with that question after its own."""
    return form if issubclass(form, InPlaceOf) else type(form.__name__, (InPlaceOf, form), {})
