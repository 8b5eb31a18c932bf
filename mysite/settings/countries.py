"""Names of countries that are missing in the catalogues of django-countries, or are not what people call them.

It has no Nynorsk at all, and names what it lacks in Bokmål in English; and it has no Kosovo, whose code XK is not of
ISO 3166 but is what everybody uses. Whatever is written otherwise in Nynorsk is here, with its translations in locale/.
"""

from django.utils.translation import gettext_lazy as _

NAMES = {
    "XK": _("Kosovo"),
    "AE": _("United Arab Emirates"),
    "AQ": _("Antarctica"),
    "AT": _("Austria"),
    "BS": _("Bahamas"),
    "BY": _("Belarus"),
    "CC": _("Cocos (Keeling) Islands"),
    "CD": _("Democratic Republic of the Congo"),
    "CF": _("Central African Republic"),
    "CG": _("Republic of the Congo"),
    "CI": _("Côte d’Ivoire"),
    "CK": _("Cook Islands"),
    "DO": _("Dominican Republic"),
    "FK": _("Falkland Islands"),
    "FM": _("Micronesia"),
    "FO": _("Faroe Islands"),
    "GS": _("South Georgia and the South Sandwich Islands"),
    "HM": _("Heard Island and McDonald Islands"),
    "IO": _("British Indian Ocean Territory"),
    "KM": _("Comoros"),
    "KY": _("Cayman Islands"),
    "MH": _("Marshall Islands"),
    "MP": _("Northern Mariana Islands"),
    "MV": _("Maldives"),
    "NO": _("Norway"),
    "NR": _("Nauru"),
    "PH": _("Philippines"),
    "PN": _("Pitcairn"),
    "PS": _("Palestine"),
    "SB": _("Solomon Islands"),
    "SC": _("Seychelles"),
    "SH": _("Saint Helena"),
    "TC": _("Turks and Caicos Islands"),
    "TF": _("French Southern Territories"),
    "TL": _("Timor-Leste"),
    "UM": _("United States Minor Outlying Islands"),
    "US": _("United States"),
    "VA": _("Vatican City"),
    "VC": _("Saint Vincent and the Grenadines"),
    "VG": _("British Virgin Islands"),
    "VI": _("United States Virgin Islands"),
    "WF": _("Wallis and Futuna"),
}
