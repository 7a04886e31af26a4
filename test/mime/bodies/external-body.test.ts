import { describe, expect, test } from 'vitest';
import { externalBodyOf } from '../../../src/mime/bodies/external-body.js';
import { parseMessage } from '../../../src/mime/message.js';
import type { ParseOptions } from '../../../src/mime/parse-options.js';
import { crlf } from '../../support/mime.js';

const of = (parameters: string, ...lines: string[]) =>
  externalBodyOf(parseMessage(crlf(`Content-Type: message/external-body; ${parameters}`, '', ...lines)));

describe('message/external-body', () => {
  test('the example of RFC 2046 §5.2.3.6', () => {
    const external = of(
      'name="BodyFormats.ps"; site="thumper.bellcore.com"; mode="image"; access-type=ANON-FTP; directory="pub"; ' +
        'expiration="Fri, 14 Jun 1991 19:13:14 -0400 (EDT)"; Permission=READ; Size=42',
      'Content-type: application/postscript',
      'Content-ID: <id42@guppylake.bellcore.com>',
      '',
    );
    expect(external).toMatchObject({
      accessType: 'anon-ftp',
      url: undefined,
      site: 'thumper.bellcore.com',
      directory: 'pub',
      name: 'BodyFormats.ps',
      mode: 'image',
      server: undefined,
      subject: undefined,
      command: undefined,
      expiration: new Date('1991-06-14T23:13:14Z'),
      size: 42,
      permission: 'read',
    });
    expect(external!.headers.get('content-id')?.value).toBe('<id42@guppylake.bellcore.com>');
  });

  test('a mail server and its command', () => {
    expect(
      of(
        'access-type=mail-server; server="listserv@a.example"; subject=get',
        'Content-type: text/plain',
        '',
        'get file',
      ),
    ).toMatchObject({ server: 'listserv@a.example', subject: 'get', command: 'get file\r\n' });
  });

  test('a URL that is folded (RFC 2017)', () => {
    expect(of('access-type=url; url="https://a.example/\r\n\tb/\r\n c"')?.url).toBe('https://a.example/b/c');
  });

  test('without parameters', () => {
    expect(of('size=-1; expiration=never')).toMatchObject({
      accessType: '',
      size: undefined,
      expiration: undefined,
    });
  });

  test('goes by the limits of its message', () => {
    const source = crlf(
      'Content-Type: message/external-body',
      '',
      'Content-Type: message/rfc822',
      'A: b',
      '',
    );
    const counted = (options: ParseOptions) => externalBodyOf(parseMessage(source, options))?.headers.length;
    expect(() => counted({ limits: { headers: 1 } })).toThrow(
      expect.objectContaining({ code: 'limit-headers' }),
    );
    expect(counted({ limits: { headers: 1 }, onLimit: 'truncate' })).toBe(1);
    expect(counted({ limits: { depth: 1, parts: 1 } })).toBe(2);
  });

  test('another type is none', () => {
    expect(externalBodyOf(parseMessage(crlf('Content-Type: message/rfc822', '')))).toBeUndefined();
  });
});
