"""HTML as word processors put it on the clipboard, and a helper that pastes it."""

from __future__ import annotations

from playwright.sync_api import Locator

_PASTE = """(editor, html) => {
  editor.focus();
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/html", html);
  clipboardData.setData("text/plain", "plain text that nobody wants");
  editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""

_WORD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->
<style><!-- p.MsoNormal, li.MsoNormal {mso-style-unhide:no; margin:0cm; font-family:"Calibri",sans-serif;}
@list l0 {mso-list-id:1;} --></style></head>
<body lang=EN-US style='tab-interval:36.0pt'><!--StartFragment-->%s<!--EndFragment--></body></html>"""

_DOCS = """<meta charset='utf-8'><meta charset="utf-8"><b style="font-weight:normal;"
id="docs-internal-guid-8f2c1a6e-7fff-1c3e-8a0f-3b1f6a2d9c11">%s</b><br class="Apple-interchange-newline">"""


def from_word(*paragraphs: str) -> str:
    """Return paragraphs as Word copies them: `paragraphs` is their inner HTML, or a whole element."""
    return _WORD % "".join(
        each if each.startswith(("<p", "<h", "<table")) else word_paragraph(each) for each in paragraphs
    )


def word_paragraph(html: str) -> str:
    return (
        f"<p class=MsoNormal style='margin-bottom:8.0pt;line-height:107%'><span lang=EN-GB "
        f"style='mso-ansi-language:EN-GB'>{html}<o:p></o:p></span></p>\n"
    )


def word_item(words: str, marker: str = "·", level: int = 1) -> str:
    """Return an item of a list as Word copies it: a paragraph with the bullet typed before it."""
    return (
        f"<p class=MsoListParagraphCxSpMiddle style='text-indent:-18.0pt;mso-list:l0 level{level} lfo1'>"
        "<![if !supportLists]><span style='font-family:Symbol;mso-fareast-font-family:Symbol'>"
        f"<span style='mso-list:Ignore'>{marker}<span style='font:7.0pt \"Times New Roman\"'>"
        "&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>"
        f"<span lang=EN-GB>{words}<o:p></o:p></span></p>\n"
    )


def from_docs(*elements: str) -> str:
    """Return elements as Google Docs copies them; plain words become a paragraph."""
    return _DOCS % "<br />".join(
        each if each.startswith(("<ul", "<ol", "<h", "<p")) else docs_paragraph(docs_span(each))
        for each in elements
    )


def docs_paragraph(html: str) -> str:
    return f'<p dir="ltr" style="line-height:1.38;margin-top:0pt;margin-bottom:0pt;">{html}</p>'


def docs_span(words: str, style: str = "font-weight:400;font-style:normal") -> str:
    return (
        '<span style="font-size:11pt;font-family:Arial,sans-serif;color:#000000;background-color:transparent;'
        f'{style};font-variant:normal;text-decoration:none;vertical-align:baseline;white-space:pre-wrap;">'
        f"{words}</span>"
    )


def paste(editor: Locator, html: str) -> None:
    """Paste HTML at the cursor of a rich text editor."""
    editor.evaluate(_PASTE, html)
