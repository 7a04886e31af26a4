/** Octets as text, one character each, so that a change of some leaves the others as they are. */
export function textOf(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1');
}

export function octetsOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** What a relay does to the octets of a message, or of something in it. */
export type Alter = (octets: Buffer) => Buffer;

/** One change after the other. */
export function inOrder(...alters: readonly Alter[]): Alter {
  return (octets) => alters.reduce((altered, alter) => alter(altered), octets);
}

/** A tool that knows LF only, in a relay that keeps mail with LF and sends it with CRLF. */
export function inLf(alter: Alter): Alter {
  return (octets) => {
    const lines = textOf(octets).replaceAll('\r\n', '\n');
    return octetsOf(textOf(alter(octetsOf(lines))).replaceAll('\n', '\r\n'));
  };
}

/** Changes the signed part of a multipart/signed, from behind its delimiter up to the next. */
export function inPart(alter: Alter): Alter {
  return (octets) => {
    const text = textOf(octets);
    const boundary = /boundary="([^"]+)"/.exec(text)?.[1] ?? '';
    const start = text.indexOf(`\r\n--${boundary}\r\n`) + boundary.length + 6;
    const end = text.indexOf(`\r\n--${boundary}\r\n`, start);
    if (boundary === '' || end < 0) throw new Error('there is no multipart/signed to alter');
    const part = textOf(alter(octetsOf(text.slice(start, end))));
    return octetsOf(text.slice(0, start) + part + text.slice(end));
  };
}

/** Changes the body of an entity, all behind its first empty line. */
export function inBody(alter: Alter): Alter {
  return (octets) => {
    const start = octets.indexOf('\r\n\r\n') + 4;
    return Buffer.concat([octets.subarray(0, start), alter(octets.subarray(start))]);
  };
}

/** Changes the header of an entity, its last line end with it. */
export function inHeader(alter: Alter): Alter {
  return (octets) => {
    const start = octets.indexOf('\r\n\r\n') + 2;
    return Buffer.concat([alter(octets.subarray(0, start)), octets.subarray(start)]);
  };
}
