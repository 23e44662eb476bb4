#!/usr/bin/env python3
"""A real SMTP server (aiosmtpd) for the tests: one JSON line on standard output per event.

usage: smtp_server.py BEHAVIOUR [CERTIFICATE KEY [starttls|tls]] [USER PASSWORD]
BEHAVIOUR: accept | refuse (550 to the recipient) | busy (451) | refuse-content (554 after DATA)
         | silent (takes the mail, then breaks the connection before it answers)
"""
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

BEHAVIOUR = sys.argv[1]
CERTIFICATE, KEY, TLS = (sys.argv[2:5] + ["", "", ""])[:3] if len(sys.argv) > 3 else ("", "", "")
USER, PASSWORD = (sys.argv[5:7] if len(sys.argv) > 6 else ("", ""))


def say(**event):
    print(json.dumps(event), flush=True)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if BEHAVIOUR == "refuse":
            return "550 5.1.1 no such mailbox"
        if BEHAVIOUR == "busy":
            return "451 4.3.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if BEHAVIOUR == "refuse-content":
            return "554 5.7.1 content refused"
        say(event="mail", sender=envelope.mail_from, recipients=envelope.rcpt_tos,
            tls=session.ssl is not None, content=envelope.content.decode("latin-1"))
        if BEHAVIOUR == "silent":
            server.transport.abort()
            return "421 gone"
        return "250 2.0.0 kept as 4711"


def authenticate(server, session, envelope, mechanism, data):
    good = data.login.decode() == USER and data.password.decode() == PASSWORD
    return AuthResult(success=good, handled=good)


async def main():
    context = None
    if CERTIFICATE:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATE, KEY)

    def make():
        return SMTP(Handler(), hostname="mail.test.invalid",
                    tls_context=context if TLS == "starttls" else None,
                    require_starttls=TLS == "starttls",
                    authenticator=authenticate if USER else None,
                    auth_required=bool(USER),
                    auth_require_tls=bool(CERTIFICATE) and TLS == "starttls")

    loop = asyncio.get_running_loop()
    server = await loop.create_server(make, "127.0.0.1", 0, ssl=context if TLS == "tls" else None)
    say(event="ready", port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(main())
