"""Forms of the recall: what is written to patients, and that they were told."""

from django import forms
from django.utils.translation import gettext_lazy as _

from openmeso.terms.recall import Channel

LANGUAGES = [("en", "English"), ("tr", "Türkçe"), ("fr", "Français"), ("es", "Español")]
TOLD_BY = [
    (Channel.PHONE.value, _("By telephone")),
    (Channel.IN_PERSON.value, _("In person")),
    (Channel.LETTER.value, _("By letter")),
    (Channel.NOT_REACHED.value, _("Not reached")),
]


class MessageForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=160)
    text = forms.CharField(
        label=_("Text"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("{name}, {dates}, {product}, {lot}, {reason} and {clinic} are filled in."),
    )
    everybody = forms.BooleanField(label=_("Also those who have been told"), required=False)


class EmailForm(MessageForm):
    """An e-mail travels open: nothing of the patient may stand in its subject."""

    PERSONAL = ("{name}", "{dates}", "{product}", "{lot}", "{reason}")

    def clean_subject(self) -> str:
        subject: str = self.cleaned_data["subject"]
        if any(blank in subject for blank in self.PERSONAL):
            raise forms.ValidationError(
                _("The subject of an e-mail can be read by others: leave the patient out of it.")
            )
        return subject


class ToldForm(forms.Form):
    channel = forms.ChoiceField(label=_("How"), choices=TOLD_BY)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
