#!/usr/bin/env python3
"""Seeds for the fuzz targets, made on the spot: usage make_corpus.py FOLDER.

FOLDER/<target>/… : small, valid inputs of each kind, by openssl and Python alone.
"""
import io
import pathlib
import subprocess
import sys
import zipfile


def openssl(*words, given=b""):
    return subprocess.run(["openssl", *words], input=given, capture_output=True, check=True).stdout


def pki(folder):
    """First byte: which parser (tests/fuzz/pki_fuzz.cpp)."""
    key = folder / "key.pem"
    key.write_bytes(openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout"))
    name = "/C=VN/L=Lai Chau/O=Co quan thu/CN=Nguoi Thu"
    certificate = openssl("req", "-x509", "-key", str(key), "-subj", name, "-days", "9",
                          "-addext", "subjectAltName=email:thu@laichau.gov.vn",
                          "-addext", "extendedKeyUsage=emailProtection", "-outform", "DER")
    pem = folder / "certificate.pem"
    pem.write_bytes(openssl("x509", "-inform", "DER", given=certificate))
    request = openssl("req", "-new", "-key", str(key), "-subj", name, "-outform", "DER")
    index = folder / "index.txt"
    index.write_text("R\t301231000000Z\t261123000000Z,keyCompromise\t1234ABCD\tunknown\t/CN=x\n")
    (folder / "number").write_text("01\n")
    (folder / "ca.cnf").write_text(
        f"[ca]\ndefault_ca=x\n[x]\ndatabase={index}\ncrlnumber={folder}/number\n"
        "default_md=sha256\ndefault_crl_days=3\n")
    crl = openssl("ca", "-config", str(folder / "ca.cnf"), "-gencrl", "-keyfile", str(key),
                  "-cert", str(pem))
    crl = openssl("crl", "-outform", "DER", given=crl)
    asked, answered = folder / "asked.der", folder / "answered.der"
    openssl("ocsp", "-issuer", str(pem), "-cert", str(pem), "-reqout", str(asked))
    openssl("ocsp", "-index", str(index), "-CA", str(pem), "-rsigner", str(pem), "-rkey", str(key),
            "-reqin", str(asked), "-respout", str(answered), "-ndays", "1")
    seeds = [certificate, request, crl, asked.read_bytes(), answered.read_bytes(),
             pem.read_bytes()]
    for file in list(folder.iterdir()):
        file.unlink()
    for i, seed in enumerate(seeds):
        (folder / str(i)).write_bytes(bytes([i]) + seed)


def sheet(folder):
    head = "Họ và tên;Email\nNguyễn Văn Thử;thu@laichau.gov.vn\n"
    (folder / "semicolon").write_bytes(head.encode())
    (folder / "utf16").write_bytes(head.replace(";", "\t").encode("utf-16"))
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/'
                     'package/2006/content-types"/>')
        out.writestr("xl/workbook.xml", '<workbook xmlns:r="http://schemas.openxmlformats.org/'
                     'officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" '
                     'r:id="rId1"/></sheets></workbook>')
        out.writestr("xl/_rels/workbook.xml.rels", '<Relationships><Relationship Id="rId1" '
                     'Target="worksheets/sheet1.xml"/></Relationships>')
        out.writestr("xl/worksheets/sheet1.xml", '<worksheet><sheetData><row r="1"><c r="A1" '
                     't="inlineStr"><is><t>Họ và tên</t></is></c><c r="B1"><v>45000</v></c></row>'
                     '</sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>')
    (folder / "book").write_bytes(book.getvalue())


def http(folder):
    (folder / "form").write_bytes(b"/x?a=%C3%A1&b=1;antin=abc; khach=\"x\"\na=1&b=%20+%00&a=2")
    (folder / "multipart").write_bytes(
        b"/\n--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"..\\\\a.pdf\"\r\n"
        b"Content-Type: application/pdf\r\n\r\n%PDF\r\n--x--\r\n")
    (folder / "page").write_bytes(
        b"<form action=\"/a\" method=post><input name=csrf value=\"&lt;x&#x41;\"><select name=s>"
        b"<option value=1 selected>m</select><textarea name=t>\nx</textarea></form><script>1</script>")


def main():
    folder = pathlib.Path(sys.argv[1])
    for make in (pki, sheet, http):
        own = folder / make.__name__
        own.mkdir(parents=True, exist_ok=True)
        make(own)


if __name__ == "__main__":
    main()
