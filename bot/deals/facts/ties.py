"""The words by which a sentence ties a place to a deal, or shows that it has nothing to do with it. Patterns only."""

from __future__ import annotations

import re

_UNDERTAKING = (
    r"(?:open(?:s|ing)?|build(?:s|ing)?|establish(?:es|ing)?|set(?:s|ting)? up|launch(?:es|ing)?|creat(?:e|es|ing)"
    r"|install(?:s|ing)?|plan(?:s|ning)?|construct(?:s|ing)?|locat(?:e|es|ing)|found(?:s|ing)?|develop(?:s|ing)?|new)"
)
_SITE = (
    r"(?:offices?|cent(?:er|re)s?|labs?|laborator(?:y|ies)|hubs?|campus|facilit(?:y|ies)|plants?|hospitals?|clinics?"
    r"|data cent(?:er|re)s?|factor(?:y|ies)|sites?|headquarters|cloud region|zones?|jobs|machine|system|company)"
)
SITES = re.compile(rf"\b{_SITE}\b|\b[Bb]ased\b|\b(?:headquartered|located|housed) ", re.I)
AT_A_SITE = re.compile(
    rf"\b{_UNDERTAKING}\b[^.;]{{0,90}}?\b{_SITE}\b[^.;]{{0,60}}?\b(?:in|at|near|to|outside)\s+$", re.I
)
# "at its Baltimore plant": where the work is done, though the place only describes.
ITS = re.compile(r"\b(?:at|in|from)\s+(?:its|their|the)\s+$", re.I)
A_SITE = re.compile(r"\s+(?:plant|site|campus|factory|facility|laborator(?:y|ies)|labs?)\b")
COVERS = re.compile(
    r"\b(?:in|across|throughout|to|for|(?:counties|states|provinces|cities|parts|hospitals|all) of|serving|covering"
    r"|within"
    r"|into|inside|around|near)\s+(?:the\s+|all\s+|both\s+|rural\s+|\w+ of\s+|(?:north|south)(?:east|west)?(?:ern)?\s+"
    r"|(?:places|towns|cities|countries|markets|states) (?:like|such as|including)\s+"
    r"|eastern\s+|western\s+|central\s+|upstate\s+|greater\s+)*$",
    re.I,
)  # no two of these words begin alike, or a hostile line would be read in exponentially many ways
PART = re.compile(
    r"\b(?P<part>(?:(?:north|south|east|west)(?:east|west)?(?:ern)?|central|upstate|downtown|metropolitan|greater"
    r"|(?:north|south|east|west) of(?: the)?) )(?:and )?$",
    re.I,
)
AROUND = re.compile(r" (?:metropolitan area|metro area|area)\b")
BASED = re.compile(
    r"(?:\b(?:will|to) be (?:based|headquartered|located|housed)|^(?:Named|Called|Dubbed)\b[^.;,]{0,60}\bbased)"
    r"\s+(?:in|at|near)\s+$"
)
# What stands in such a place is somebody's seat or rank, or where the news was told, and not what the deal covers.
NOT_THE_DEALS = re.compile(
    r"\b(?:based|headquartered|located|headquarters|listed|incorporated|founded|born|approved|cleared|authori[sz]ed"
    r"|studied|conference|summit|event|spoke|told"
    r"|court|known|raised|traded|spin|spun|stadium|arena|seat|home|customer|success|surges?)\b[^.;,]{0,25}$"
    r"|\b(?:unveiled|presented|announced|promised|shown|showed|met|on stage|launch event)\s(?:[a-z]+\s){0,3}(?:in"
    r"|at)\s+$"
    r"|\b(?:held|said|signed)\s(?:on\s\w+\s|\w+\s)?in\s+(?:the\s+)?$|\b(?:has"
    r"|have) (?:long )?been [a-z]+ing\b[^.;,]{0,40}$"
    r"|\bat\s[^.;,]{0,60}\b(?:20\d\d|Conference|Summit|Expo|Congress|Forum|Symposium|Meeting|Week|Exhibition)\s+in\s+$"
    r"|\b(?:except|excluding|outside|everywhere but|other than|but not|without|besides|apart from)\b[^.;]{0,40}$"
    r"|\b(?:largest|leading|biggest|oldest|number one|ranked|one of the|fastest|premier)\b[^.;]{0,70}$"
    r"|(?:\b(?:the|its|their|our|a|as|is)|[’']s)\s(?:best|top|most|first)\b(?! (?:\d|phase|stage|plants?|sites?"
    r"|stores?|time))[^.;]{0,70}$"
    r"|\b(?:already|so far|currently|previously|until now|formerly)\b[^.;]{0,60}$"
    r"|\b(?:offices|locations|employees|operations|subsidiaries) (?:in|across|throughout)(?: the)?\s+$"
    r"|\b(?:has|have|had|with|its|our|serv\w+|[\d,]+\+?) (?:\w+ )?customers (?:in|across|throughout)(?: the)?\s+$",
    re.I,
)
OUTSIDE = re.compile(
    r"(?:(?P<all>\b(?:everywhere|worldwide|globally|the world)"
    r"(?: but| except(?: for)?| outside(?: of)?|, excluding)(?: in)?)|\boutside(?: of)?| ex-)\s?(?:the |greater )?$",
    re.I,
)
TO_SELL = re.compile(
    r"\b(?:rights?|sell|market\w*|commerciali[sz]\w+|distribut\w+|licen[cs]\w+|territor\w+"
    r"|serve|network|deliver\w*|available|customers)\b",
    re.I,
)
SERVED = re.compile(
    r"(?:[’']s)?\s(?:[a-z-]+\s)?(?:hospitals|clinics|patients|residents|schools|students|farmers|consumers|customers"
    r"|members|seniors"
    r"|veterans|users|communities|counties|drivers|shoppers|stores|towns|cities|workers|families|physicians|doctors"
    r"|nurses"
    r"|households|citizens|children|women|pharmacies|retailers|markets?|adults|people|travell?ers|rights|airports"
    r"|homes|roads"
    r"|grids?|circles|viewers|fans|sellers|merchants|buyers|restaurants|hotels|shops|branches|plants|factories"
    r"|utilities"
    r"|public (?:services|sector))\b",
    re.I,
)
MANY = re.compile(r"\s(?:[a-z-]+\s)?[a-z]{3,}(?<![sui])s\b")
BEGUN = re.compile(
    r"\s(?:[a-z-]+\s){0,2}(?:insurer|plant|factory|site|lab|laboratory|campus|(?:joint )?venture|pilot|roll-?out|launch"
    r"|clinic|hospital|data cent(?:er|re)s?|hub|network|health plans?)\b",
    re.I,
)
BEGINS = re.compile(
    r"\b(?:launch|open|build|form|creat|start|plan|expand|establish|set up|run|design|equip)\w*\s"
    r"(?:(?:an?|its|their|new|joint|first)\s)*$",
    re.I,
)
FOR = re.compile(r"(?:\b(?:to|for|among|of|fits?)\s+(?:older\s|more\s)*|\b\d{1,3},000\s)$")
# "A worldwide leader" and "hospitals worldwide" cover nothing.
WORLDWIDE = re.compile(
    r"\b(?:worldwide|global) (?:rights|distribution|licen[cs]e|development)\b"
    r"|\b(?:sell|sales of|develop|distribut\w+|commerciali[sz]\w+|market)\b[^.;]{0,70}\bworldwide\b",
    re.I,
)
COMES_FIRST = re.compile(
    r",? (?:(?:is|are|comes?|goes?|will be) (?:the )?first|(?:is|are) where|(?:will |is to |are to |to )(?:see|get"
    r"|have)"
    r"|gets|is getting)\b",
    re.I,
)
# A party is told by where it is from: "Japan's Rakuten", "the Indian company", "from Boston".
DESCRIBES = re.compile(
    r"-|[’']s?\s+[A-Z]|\s(?:[\w-]+\s){0,3}(?:compan(?:y|ies)|groups?|firms?|giants?|makers?|\w*makers?|biotechs?"
    r"|start-?ups?"
    r"|rivals?|banks?|partners?|retailers?|operators?|airlines?|carriers?|agency|team|club|unit|arm|chain|leader"
    r"|developer|models?|language)\b"
    r"|\s(?:Business|Office|Chamber|Press|Award)",
    re.I,
)
WHENCE = re.compile(r"\b(?:from|based in|of|than|behind|against|over)\s+(?:the\s+|an?\s+)?$|[(\[][^)\]]*$", re.I)
IS_SERVED = re.compile(r" (?:to|can) [a-z]|(?: [a-z]+['’]?s?)? hospital [a-z]")
LEADS_TO = re.compile(
    r"(?:\b(?:an?|the|its|their|new|more|all|every|leading|first|half|two|three|four|five|six|ten|\d+|hundreds"
    r"|thousands"
    r"|picks?|chooses?|connects?|brings?|gives?|into|through|for|with|of)(?: \w+ of)?|[a-z]+['’]s)\s+$",
    re.I,
)
_NUMBER = r"(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty)"
COUNTED = re.compile(
    r"\b(?:in|across|throughout|covering|for)\s+(?P<place>(?:all\s+|more than\s+|over\s+)?"
    rf"{_NUMBER}\s+(?:U\.?S\.?\s+)?(?:states|countries|provinces|markets|counties))\b",
)
SHORT = re.compile(r"U\.?S\.?A?\.?|U\.?K\.?|EU|UAE")  # these describe what follows as often as they are places
A_NOUN = re.compile(
    r"\s(?!(?:and|or|in|by|for|from|to|with|on|at|as|is|was|has|will|after|over|where|which|who|markets?|than|but"
    r"|through|until"
    r"|under|starting|beginning|this|next|last|alone|only|that|while|before|the|via|later|first|rights)\b)[a-z]"
)
IN_A_LAND = re.compile(r" (?:of|in) (?:[a-z]+ )?[A-Z]")  # "five counties of Ohio": the land itself says more
# A town with its state behind it is read as a name at times; a name with such a word is none.
ORGANISED = re.compile(
    r"\b(?:Clinic|Health|Hospitals?|University|College|Institute|Group|Cent(?:er|re)|Medical|Systems?|Inc|Co|Labs?)\b"
)
# "Acme Health, the largest hospital group in Ohio": what is done with a hospital or a school is done where it is.
AT_HOME = re.compile(
    r"\b(?:hospitals?|clinics?|health (?:systems?|cent(?:er|re)s?|networks?)|(?:medical|urgent care) cent(?:er|re)s?"
    r"|practices?"
    r"|providers? of [a-z -]{3,30}\bcare|school districts?|schools|communit(?:y|ies))\b(?:(?!based"
    r"|headquartered)[^.;:]){0,40}"
    r"\b(?:in|across|throughout|serving)\s+(?:the\s+)?$",
    re.I,
)
AND_ITS = re.compile(r"[’']s\s(?:[A-Z][\w&.'’-]*\s){0,4}?(?:Hospitals?|Medical|Health|Clinics?)\b")
