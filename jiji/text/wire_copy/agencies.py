"""Names of agencies: patterns for wires, which file copy, and for other sources of pictures."""

_JIJI = r"jiji(?: press)?(?:,? ltd\.?| (?:sports|news|english news))?|時事(?:通信社?)?"
_WIRES = (
    r"agence france-presse|afp|(?:the )?associated press|ap|reuters|kyodo(?: news)?|epa|upi|dpa|ansa|(?:itar-)?tass|efe"
    r"|ria novosti|xinhua|yonhap(?: news)?|(?-i:CNA|PTI|ANI|ANP|APA|PAP|MTI|NTB|VNA)|bernama|antara|kcna|bloomberg"
    r"|anadolu(?: agency)?|ukrinform|共同(?:通信社?)?|ロイター(?:通信)?|(?-i:AFP|EPA)時事"
)
_PICTURE_SOURCES = (
    r"aflo(?: sports?)?|アフロ|getty(?: ?images)?|nurphoto|newscom|kns|alamy|shutterstock|pixta|istock|belga|ritzau"
    r"|lehtikuva|scanpix|nasa|imagn|(?-i:AAP|VCG|CNS|PA|NHK|USA Today Sports)"
    r"|(?-i:(?:The )?(?:[A-Z][\w.-]* ){1,3}(?:Shimbun|Sports|Scanpix|Newspapers?|TV|Press Agency|News Agency))"
    r"|(?-i:Pool|POOL)|(?-i:[A-Z][\w.-]* ){1,3}(?-i:Images|IMAGES|Pictures|PICTURES|Photo Agency|Press)"
    r"|(?-i:IMAGO|ZUMA|SIPA|Sipa|Keystone|KEYSTONE)(?: \w+)?"
)


def _joined(names: str) -> str:
    return rf"(?:{names})(?: ?(?:[-‐-―=＝/／・,&+|]| and | via ) ?(?:{names}))*"


WIRE = rf"(?i:{_joined(f'{_JIJI}|{_WIRES}')})"
"""One agency that files copy, or several: ``AFP-Jiji``, ``Jiji Press/AFP``."""

SOURCE = rf"(?i:{_joined(f'{_JIJI}|{_WIRES}|{_PICTURE_SOURCES}')})"
"""One source of pictures, or several: ``EPA=Jiji``, ``AFP via Getty Images``."""

JIJI = r"(?i:\bjiji\b|時事)"
"""Jiji Press in the name of an agency."""
