/** What `mailseal --help` prints. */
export const help = `mailseal: seal mail, open it, and look at what is sealed

  mailseal verify  [FILE|-] [options]   verify who signed a message, and that it is unchanged
  mailseal diagnose [FILE|-] [options]  tell what altered a message that was signed
  mailseal sign    [FILE|-] [options]   sign a message
  mailseal encrypt [FILE|-] [options]   encrypt a message, signed first if you like
  mailseal decrypt [FILE|-] [options]   decrypt a message
  mailseal rekey   [FILE|-] [options]   encrypt a message for others, content untouched
  mailseal inspect [FILE|-] [--json]    show the parts of a message
  mailseal certs   [FILE|-] [--pem]     list the certificates in a message or a file
  mailseal imap-decode [FILE|-]         print what an IMAP server sent, as JSON
  mailseal pop3-decode [FILE|-]         print what a POP3 server sent, as JSON

  mailseal COMMAND --help               tell more about one of them
  mailseal --version

FILE is a message (.eml), for verify, decrypt and rekey also a .p7s or .p7m
file, for sign and encrypt also bare content, and for certs certificates.
Without FILE, or with -, the standard input is read.
`;

const keys = `  --p12 FILE...     a PKCS#12 file (.p12, .pfx) with the private key, its
                    certificate, and those above it
  --key FILE        or the private key alone, PEM or DER
  --cert FILE       its certificate; with --p12, which of several keys is meant
  --chain FILE...   certificates between that one and the root
  --password-file FILE
                    the password of the key is the first line of FILE;
                    without it, MAILSEAL_PASSWORD of the environment
`;

const openingKeys = `  --p12 FILE...     your private key, which opens what is encrypted: PKCS#12
  --key FILE, --cert FILE
                    or the private key alone, and its certificate
  --password-file FILE
                    its password is the first line of FILE; without it,
                    MAILSEAL_PASSWORD of the environment
`;

const pathOptions = `  --certs FILE...   certificates that may stand between
  --crl FILE..., --ocsp FILE..., --revocation MODE
                    with --roots: what is known of revoked certificates, as for
                    mailseal verify
`;

/** What `mailseal COMMAND --help` prints. */
export const commandHelp: Readonly<
  Record<
    | 'verify'
    | 'diagnose'
    | 'sign'
    | 'encrypt'
    | 'decrypt'
    | 'rekey'
    | 'inspect'
    | 'certs'
    | 'imap-decode'
    | 'pop3-decode',
    string
  >
> = {
  verify: `mailseal verify [FILE|-] [options]

Verifies the signatures of a message, or of a .p7s or .p7m file, and tells of
each signer: is the content intact, is the signature valid, is the certificate
trusted, and valid at which time, and is the signer the sender? What is
encrypted is opened with the keys that you give.

  --roots FILE...   certificates (PEM or DER) of the authorities that you trust;
                    without them nothing is verified
  --certs FILE...   more certificates: the signer's, or intermediate ones
  --content FILE    what a detached .p7s is over
  --crl FILE...     certificate revocation lists, PEM or DER
  --ocsp FILE...    answers of OCSP responders; nothing is fetched
  --revocation MODE "require": every certificate must be known not to be
                    revoked; "check" (the default with --crl or --ocsp): none
                    may be known to be revoked; "off": do not look
  --policy OID...   the certificates must be valid for one of these policies
  --algorithms SET  "now" (the default) refuses MD5, SHA-1 and very short keys;
                    "old-mail" only remarks on them
  --at DATE         judge certificates at this time instead of now, such as
                    2026-06-01 or 2026-06-01T09:30:00Z
  --at signing      accept a certificate that was valid when the signer says
                    that he signed; nobody vouches for that time
  --trusted-time DATE
                    the signature existed already then, as you know for sure:
                    what expired or was revoked later does no harm
  --timestamp-roots FILE...
                    authorities whose time stamps you trust; without it --roots
  --email ADDRESS   whom the signer must be, instead of the sender in From
  --any-signer      do not compare the signer with the sender
${openingKeys}  --json            print the report as JSON
  --out FILE        write what was signed into FILE, only once it is verified
  --unverified      write it as it comes, whatever the verdict will be

Exit code: 0 verified; 1 not verified; 2 wrong usage, or a file that cannot be
read or written; 3 input that cannot be parsed.
`,
  diagnose: `mailseal diagnose [FILE|-] [options]

Where a message is no longer what its signature is over: undoes what servers,
relays, lists and scanners are known to do, until it is, and tells what they
did. What comes out is evidence of what was signed, not of who signed it; the
signature stays broken.

  --roots FILE...   certificates (PEM or DER) of the authorities that you trust:
                    tells which of the signers' certificates are trusted
  --certs FILE...   more certificates: the signer's, or intermediate ones
  --fold-width      try full-width digits, letters and katakana as half-width
                    ones, too, and the other way
  --language LANG   "en" (the default) or "ja"
${openingKeys}  --json            print the diagnosis as JSON
  --out FILE        write the original into FILE, where it was recovered; a FILE
                    that is there is replaced

Exit code: 0 the original was recovered; 1 it was not, or nothing was altered;
2 wrong usage, or a file that cannot be read or written; 3 input that cannot be
parsed.
`,
  sign: `mailseal sign [FILE|-] [options]

Signs a message. FILE may be bare content, too: text, or a file of any kind and
any length.

${keys}  --opaque          put the content into the signature; the default leaves it
                    beside, where every mail program shows it
  --header-protection
                    sign the header fields, too (RFC 9788)
  --algorithm NAME  sha256, sha384 or sha512, or with RSA pss-sha256, pss-sha384
                    or pss-sha512; the default suits the key
  --legacy          leave out signed attributes that very old programs trip over
  --bare            FILE is content and no message, whatever it begins with
  --at DATE         the time of signing; default now
  --out FILE        write the message into FILE; default the standard output

Exit code: 0; 2 wrong usage, a wrong password, or a file that cannot be read or
written; 3 input that cannot be parsed.
`,
  encrypt: `mailseal encrypt [FILE|-] --to FILE... [options]

Encrypts a message for those whose certificates are given. With a private key it
is signed first. FILE may be bare content, too.

  --to FILE...      certificates of the recipients, PEM or DER: the first of each
                    file; others in it may stand between his and the roots
  --bcc FILE...     whom nobody else shall see: each gets a message of his own,
                    beside that of --out: NAME.bcc-1.eml, NAME.bcc-2.eml, ...
  --escrow FILE...  who must be able to read everything by policy
  --originator FILE your own certificate, to read it later yourself
  --roots FILE...   authorities that you trust: each certificate must lead to one
                    of them, and name an address of the message
${pathOptions}  --accept CODE...  put up with this, such as expired or address-differs
  --algorithm NAME  aes256-gcm, aes128-gcm, chacha20-poly1305, aes256-cbc,
                    aes192-cbc, aes128-cbc, …; the default is the best that all
                    recipients say they can read
  --legacy          triple DES, for those who can read nothing else
  --header-protection
                    encrypt the header fields, too, and hide the subject (RFC 9788)
${keys}  --digest NAME     what to sign with, as --algorithm of mailseal sign
  --opaque          put the content into the signature
  --bare            FILE is content and no message, whatever it begins with
  --at DATE         judge certificates at this time instead of now
  --out FILE        write the message into FILE; default the standard output

Exit code: 0; 1 a recipient's certificate is not good enough, or there is no
cipher that all can read; 2 wrong usage, a wrong password, or a file that cannot
be read or written; 3 input that cannot be parsed.
`,
  decrypt: `mailseal decrypt [FILE|-] [options]

Takes the outermost encryption off a message and gives the message inside, or
the content of an encrypted .p7m file. Signatures inside stay: mailseal verify
tells what they are worth.

${keys}  --legacy          decrypt DES and RC2, too, which are too old to be relied on
  --json            print what it was encrypted with, and for whom, as JSON; the
                    message is then written only where --out says so
  --out FILE        write the message into FILE; default the standard output
  --unverified      write it as it comes, before it is known whether its end is
                    there, where the cipher has no tag

Exit code: 0; 1 it cannot be decrypted, or is not encrypted; 2 wrong usage, a
wrong password, or a file that cannot be read or written; 3 input that cannot be
parsed.
`,
  rekey: `mailseal rekey [FILE|-] --to FILE... [options]

Gives an encrypted message, or an encrypted .p7m file, other readers. What was
encrypted stays as it is, octet for octet; only its key is encrypted anew. Who
could read it until now can do so with what he has, and may have kept its key.

  --to FILE...      certificates of the new readers, PEM or DER: the first of each
                    file; others in it may stand between his and the roots
  --replace         nobody else can open what comes out (the default)
  --add             those who could open it can open what comes out, too
  --keep-unknown    keep readers of whom nobody can tell who they are
${openingKeys}  --roots FILE...   authorities that you trust: each certificate must lead to one
${pathOptions}  --accept CODE...  put up with this, such as expired
  --at DATE         judge certificates at this time instead of now
  --out FILE        write the message into FILE; default the standard output

Exit code: 0; 1 your keys do not open it, it is not encrypted, or a certificate
is not good enough; 2 wrong usage, a wrong password, or a file that cannot be
read or written; 3 input that cannot be parsed, or ends too soon.
`,
  inspect: `mailseal inspect [FILE|-] [--json]

Shows the parts of a message: their octets, types, names, header fields
(decoded), and what is wrong with them.

  --json            print them as JSON

Exit code: 0; 2 wrong usage, or a file that cannot be read; 3 input that is no
message.
`,
  certs: `mailseal certs [FILE|-] [--pem|--json]

Lists the certificates in a message, a .p7s, .p7m or .p7c file, or a PEM or DER
file.

  --pem             print them as PEM
  --json            print what is in them as JSON

Exit code: 0; 1 there is none; 2 wrong usage, or a file that cannot be read;
3 input that cannot be parsed.
`,
  'imap-decode': `mailseal imap-decode [FILE|-] [--client] [--utf8]

Prints what an IMAP server sent, as it was captured, a line of JSON for each
response. Octets are {"text": …} where they are UTF-8, else {"base64": …};
literals of more than 1 MiB are told of only.

  --client          FILE is what a client sent: print its commands, without
                    passwords and first responses of AUTHENTICATE
  --utf8            mailbox names are UTF-8, as after ENABLE UTF8=ACCEPT

Exit code: 0; 2 wrong usage, or a file that cannot be read; 3 something could
not be parsed, which is a line ("event": "unparsed") like the others.
`,
  'pop3-decode': `mailseal pop3-decode [FILE|-] [--client FILE]

Prints what a POP3 server sent, as it was captured from its greeting on, lines
of JSON for each reply. Messages of more than 1 MiB are told of only.

  --client FILE     what the client sent meanwhile: it says which replies have
                    lines. Without it that is guessed from what follows them

Exit code: 0; 2 wrong usage, or a file that cannot be read; 3 something could
not be parsed, which is a line ("event": "unparsed") like the others.
`,
};
