"""Writes spreadsheets by hand, so that the reader is not tested with its own writer.

A cell is text, a number, a Date, a Formula, Rich text, an Inline text or None.
"""
import datetime
import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
PROLOG = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

GENERAL, DATE, DATE_OWN, ZEROS, STYLED = 0, 1, 2, 3, 4
STYLES = (f'<styleSheet xmlns="{MAIN}"><numFmts count="2">'
          '<numFmt numFmtId="170" formatCode="[$-42A]dd\\/mm\\/yyyy;@"/>'
          '<numFmt numFmtId="171" formatCode="000000000000"/></numFmts>'
          '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
          '<borders count="1"><border/></borders>'
          '<cellStyleXfs count="1"><xf numFmtId="22"/></cellStyleXfs><cellXfs count="5">'
          '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/>'
          '<xf numFmtId="0" borderId="0" applyBorder="1"/></cellXfs></styleSheet>')


class Date:
    """A serial day, shown as a date by its style."""

    def __init__(self, year, month, day, style=DATE):
        self.day, self.style = datetime.date(year, month, day), style

    def serial(self, from_1904):
        first = datetime.date(1904, 1, 1) if from_1904 else datetime.date(1899, 12, 30)
        return (self.day - first).days


class Serial(Date):
    """The same day as a bare number: its column was never given the form of a date."""

    def __init__(self, year, month, day):
        super().__init__(year, month, day, GENERAL)


class Formula:
    def __init__(self, formula, value, kind="str"):
        self.formula, self.value, self.kind = formula, value, kind


class Rich:
    """Shared text in several runs, with a reading aid that is no part of it."""

    def __init__(self, *runs):
        self.runs = runs


class Inline:
    def __init__(self, text):
        self.text = text


class Styled:
    """A number with the style at this place of STYLES."""

    def __init__(self, number, style):
        self.number, self.style = number, style


class Raw:
    """The cell as XML, with {r} for its place."""

    def __init__(self, xml):
        self.xml = xml


def column_name(index):
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


class Book:
    def __init__(self, from_1904=False):
        self.from_1904, self.strings, self.sheets, self.parts = from_1904, [], [], {}

    def shared(self, item):
        self.strings.append(item)
        return len(self.strings) - 1

    def text(self, place, xml):
        return f'<c r="{place}" t="s"><v>{self.shared(xml)}</v></c>'

    def cell(self, place, value):
        if isinstance(value, str):
            return self.text(place, f'<t xml:space="preserve">{escape(value)}</t>')
        if isinstance(value, Rich):
            runs = "".join(f"<r><rPr><b/></rPr><t>{escape(run)}</t></r>" for run in value.runs)
            return self.text(place, runs + '<rPh sb="0" eb="1"><t>phụ âm</t></rPh>')
        if isinstance(value, Inline):
            return f'<c r="{place}" t="inlineStr"><is><t>{escape(value.text)}</t></is></c>'
        if isinstance(value, Date):
            return f'<c r="{place}" s="{value.style}"><v>{value.serial(self.from_1904)}</v></c>'
        if isinstance(value, Styled):
            return f'<c r="{place}" s="{value.style}"><v>{value.number}</v></c>'
        if isinstance(value, Formula):
            kind = f' t="{value.kind}"' if value.kind else ""
            return (f'<c r="{place}"{kind}><f>{escape(value.formula)}</f>'
                    f"<v>{escape(str(value.value))}</v></c>")
        if isinstance(value, Raw):
            return value.xml.replace("{r}", place)
        return f'<c r="{place}"><v>{value}</v></c>'

    def sheet(self, rows, name="Trang tính", state="", merges=(), first_row=1, extra=""):
        """`rows`: lists of cells, or (row number, list); `extra`: XML behind the last row."""
        xml, number = [], first_row - 1
        for row in rows:
            number, cells = row if isinstance(row, tuple) else (number + 1, row)
            written = "".join(self.cell(column_name(i) + str(number), value)
                              for i, value in enumerate(cells) if value is not None)
            xml.append(f'<row r="{number}">{written}</row>')
        merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in merges)
        if merged:
            merged = f"<mergeCells>{merged}</mergeCells>"
        self.sheets.append((name, state, f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(xml)}'
                                         f"{extra}</sheetData>{merged}</worksheet>"))
        return self

    def bytes(self):
        listed = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{i}"'
            f'{f" state={quoteattr(state)}" if state else ""} r:id="rId{i}"/>'
            for i, (name, state, _) in enumerate(self.sheets, 1))
        mode = ' date1904="1"' if self.from_1904 else ""
        related = "".join(f'<Relationship Id="rId{i}" Type="{OFFICE}/worksheet" '
                          f'Target="worksheets/sheet{i}.xml"/>'
                          for i in range(1, len(self.sheets) + 1))
        parts = {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
                           f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
                           "</Relationships>",
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr{mode}/>'
                               f"<sheets>{listed}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels":
                f'<Relationships xmlns="{PACKAGE}">{related}'
                f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/>'
                f'<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
                "</Relationships>",
            "xl/styles.xml": STYLES,
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">'
                                    + "".join(f"<si>{one}</si>" for one in self.strings) + "</sst>",
        }
        for i, (_, _, xml) in enumerate(self.sheets, 1):
            parts[f"xl/worksheets/sheet{i}.xml"] = xml
        parts.update(self.parts)
        return zipped(parts)


def zipped(parts):
    """Text gets an XML prolog in front; bytes stay as they are; None leaves the part out."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if content is None:
                continue
            archive.writestr(name, PROLOG + content if isinstance(content, str) else content)
    return out.getvalue()


def csv(rows, separator=";", end="\r\n", encoding="utf-8", mark=b""):
    def quoted(value):
        if any(sign in value for sign in (separator, '"', "\n", "\r")):
            return '"' + value.replace('"', '""') + '"'
        return value
    text = end.join(separator.join(quoted(cell) for cell in row) for row in rows) + end
    return mark + text.encode(encoding)
