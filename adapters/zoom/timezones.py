"""Zoom's names of time zones.

Source: Zoom API reference, appendix "Timezones"; the tz database, whose links say which names are one zone.
"""

from collections.abc import Mapping
from typing import Final


def known_to_zoom(timezone: str) -> str:
    """Name the zone as Zoom's list does, or say UTC: it decides how Zoom shows a meeting, not when the meeting is."""
    return timezone if timezone in ZONES else EQUALS.get(timezone, "UTC")


_LIST: Final = """
    Africa/Algiers Africa/Bangui Africa/Cairo Africa/Casablanca Africa/Djibouti Africa/Harare Africa/Johannesburg
    Africa/Khartoum Africa/Mogadishu Africa/Nairobi Africa/Nouakchott Africa/Tripoli Africa/Tunis
    America/Anchorage America/Araguaina America/Argentina/Buenos_Aires America/Bogota America/Caracas
    America/Chicago America/Costa_Rica America/Denver America/Edmonton America/El_Salvador America/Godthab
    America/Guatemala America/Halifax America/Indianapolis America/Lima America/Los_Angeles America/Managua
    America/Mazatlan America/Mexico_City America/Montevideo America/Montreal America/New_York America/Panama
    America/Phoenix America/Puerto_Rico America/Regina America/Santiago America/Sao_Paulo America/St_Johns
    America/Tegucigalpa America/Tijuana America/Vancouver America/Winnipeg Asia/Aden Asia/Almaty Asia/Amman
    Asia/Baghdad Asia/Bahrain Asia/Baku Asia/Bangkok Asia/Beirut Asia/Calcutta Asia/Dacca Asia/Damascus Asia/Dhaka
    Asia/Dubai Asia/Hong_Kong Asia/Irkutsk Asia/Jakarta Asia/Jerusalem Asia/Kabul Asia/Kamchatka Asia/Kathmandu
    Asia/Kolkata Asia/Krasnoyarsk Asia/Kuala_Lumpur Asia/Kuwait Asia/Magadan Asia/Muscat Asia/Nicosia
    Asia/Novosibirsk Asia/Qatar Asia/Riyadh Asia/Saigon Asia/Seoul Asia/Shanghai Asia/Singapore Asia/Taipei
    Asia/Tashkent Asia/Tehran Asia/Tokyo Asia/Vladivostok Asia/Yakutsk Asia/Yekaterinburg Atlantic/Azores
    Atlantic/Cape_Verde Atlantic/Reykjavik Australia/Adelaide Australia/Brisbane Australia/Darwin Australia/Hobart
    Australia/Perth Australia/Sydney CET Canada/Atlantic Etc/Greenwich Europe/Amsterdam Europe/Athens
    Europe/Belgrade Europe/Berlin Europe/Brussels Europe/Bucharest Europe/Budapest Europe/Copenhagen Europe/Dublin
    Europe/Helsinki Europe/Istanbul Europe/Kiev Europe/Lisbon Europe/London Europe/Luxembourg Europe/Madrid
    Europe/Moscow Europe/Oslo Europe/Paris Europe/Prague Europe/Rome Europe/Sofia Europe/Stockholm Europe/Vienna
    Europe/Warsaw Europe/Zurich Pacific/Apia Pacific/Auckland Pacific/Fiji Pacific/Honolulu Pacific/Midway
    Pacific/Noumea Pacific/Pago_Pago Pacific/Port_Moresby SST UTC
"""
ZONES: Final = frozenset(_LIST.split())

_OTHER_NAMES: Final[Mapping[str, str]] = {
    "Africa/Bangui": (
        "Africa/Brazzaville Africa/Douala Africa/Kinshasa Africa/Lagos Africa/Libreville Africa/Luanda "
        "Africa/Malabo Africa/Niamey Africa/Porto-Novo"
    ),
    "Africa/Cairo": "Egypt",
    "Africa/Harare": (
        "Africa/Blantyre Africa/Bujumbura Africa/Gaborone Africa/Kigali Africa/Lubumbashi Africa/Lusaka Africa/Maputo"
    ),
    "Africa/Johannesburg": "Africa/Maseru Africa/Mbabane",
    "Africa/Nairobi": (
        "Africa/Addis_Ababa Africa/Asmara Africa/Asmera Africa/Dar_es_Salaam Africa/Kampala Indian/Antananarivo "
        "Indian/Comoro Indian/Mayotte"
    ),
    "Africa/Nouakchott": (
        "Africa/Abidjan Africa/Accra Africa/Bamako Africa/Banjul Africa/Conakry Africa/Dakar Africa/Freetown "
        "Africa/Lome Africa/Ouagadougou Africa/Timbuktu Atlantic/St_Helena"
    ),
    "Africa/Tripoli": "Libya",
    "America/Anchorage": "US/Alaska",
    "America/Argentina/Buenos_Aires": "America/Buenos_Aires",
    "America/Chicago": "US/Central",
    "America/Denver": "America/Shiprock Navajo US/Mountain",
    "America/Edmonton": "America/Yellowknife Canada/Mountain",
    "America/Godthab": "America/Nuuk",
    "America/Indianapolis": "America/Fort_Wayne America/Indiana/Indianapolis US/East-Indiana",
    "America/Los_Angeles": "US/Pacific",
    "America/Mazatlan": "Mexico/BajaSur",
    "America/Mexico_City": "Mexico/General",
    "America/Montreal": "America/Nassau America/Nipigon America/Thunder_Bay America/Toronto Canada/Eastern",
    "America/New_York": "US/Eastern",
    "America/Panama": "America/Atikokan America/Cayman America/Coral_Harbour EST",
    "America/Phoenix": "America/Creston MST US/Arizona",
    "America/Puerto_Rico": (
        "America/Anguilla America/Antigua America/Aruba America/Blanc-Sablon America/Curacao America/Dominica "
        "America/Grenada America/Guadeloupe America/Kralendijk America/Lower_Princes America/Marigot "
        "America/Montserrat America/Port_of_Spain America/St_Barthelemy America/St_Kitts America/St_Lucia "
        "America/St_Thomas America/St_Vincent America/Tortola America/Virgin"
    ),
    "America/Regina": "Canada/Saskatchewan",
    "America/Santiago": "Chile/Continental",
    "America/Sao_Paulo": "Brazil/East",
    "America/St_Johns": "Canada/Newfoundland",
    "America/Tijuana": "America/Ensenada America/Santa_Isabel Mexico/BajaNorte",
    "America/Vancouver": "Canada/Pacific",
    "America/Winnipeg": "America/Rainy_River Canada/Central",
    "Asia/Bangkok": "Asia/Phnom_Penh Asia/Vientiane Indian/Christmas",
    "Asia/Dubai": "Indian/Mahe Indian/Reunion",
    "Asia/Hong_Kong": "Hongkong",
    "Asia/Jerusalem": "Asia/Tel_Aviv Israel",
    "Asia/Kathmandu": "Asia/Katmandu",
    "Asia/Nicosia": "Europe/Nicosia",
    "Asia/Riyadh": "Antarctica/Syowa",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Asia/Seoul": "ROK",
    "Asia/Shanghai": "Asia/Chongqing Asia/Chungking Asia/Harbin PRC",
    "Asia/Singapore": "Singapore",
    "Asia/Taipei": "ROC",
    "Asia/Tehran": "Iran",
    "Asia/Tokyo": "Japan",
    "Atlantic/Reykjavik": "Iceland",
    "Australia/Adelaide": "Australia/South",
    "Australia/Brisbane": "Australia/Queensland",
    "Australia/Darwin": "Australia/North",
    "Australia/Hobart": "Australia/Currie Australia/Tasmania",
    "Australia/Perth": "Australia/West",
    "Australia/Sydney": "Australia/ACT Australia/Canberra Australia/NSW",
    "CET": "MET",
    "Etc/Greenwich": "Etc/GMT Etc/GMT+0 Etc/GMT-0 Etc/GMT0 GMT GMT+0 GMT-0 GMT0 Greenwich",
    "Europe/Athens": "EET",
    "Europe/Belgrade": "Europe/Ljubljana Europe/Podgorica Europe/Sarajevo Europe/Skopje Europe/Zagreb",
    "Europe/Dublin": "Eire",
    "Europe/Helsinki": "Europe/Mariehamn",
    "Europe/Istanbul": "Asia/Istanbul Turkey",
    "Europe/Kiev": "Europe/Kyiv Europe/Uzhgorod Europe/Zaporozhye",
    "Europe/Lisbon": "Portugal WET",
    "Europe/London": "Europe/Belfast Europe/Guernsey Europe/Isle_of_Man Europe/Jersey GB GB-Eire",
    "Europe/Moscow": "W-SU",
    "Europe/Oslo": "Arctic/Longyearbyen Atlantic/Jan_Mayen",
    "Europe/Paris": "Europe/Monaco",
    "Europe/Prague": "Europe/Bratislava",
    "Europe/Rome": "Europe/San_Marino Europe/Vatican",
    "Europe/Warsaw": "Poland",
    "Europe/Zurich": "Europe/Busingen Europe/Vaduz",
    "Pacific/Auckland": "Antarctica/McMurdo Antarctica/South_Pole NZ",
    "Pacific/Honolulu": "HST Pacific/Johnston US/Hawaii",
    "Pacific/Pago_Pago": "Pacific/Samoa US/Samoa",
    "Pacific/Port_Moresby": "Antarctica/DumontDUrville Pacific/Chuuk Pacific/Truk Pacific/Yap",
    "UTC": "Etc/UCT Etc/UTC Etc/Universal Etc/Zulu UCT Universal Zulu",
}

EQUALS: Final[Mapping[str, str]] = {other: zone for zone, others in _OTHER_NAMES.items() for other in others.split()}
"""Names that Zoom's list lacks, each with the name on it for the same zone."""
