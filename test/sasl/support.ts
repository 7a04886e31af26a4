import type { SaslClient, SaslServer } from '../../src/sasl/mechanism.js';

export const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
export const text = (octets: Uint8Array | undefined): string | undefined =>
  octets === undefined ? undefined : new TextDecoder().decode(octets);

/** Runs an exchange to its end; gives what was said, by turns client and server. */
export async function converse(
  client: SaslClient,
  server: SaslServer,
  { initial = true }: { readonly initial?: boolean } = {},
): Promise<(string | undefined)[]> {
  const said: (string | undefined)[] = [];
  let challenge: Uint8Array | undefined;
  if (initial && client.isClientFirst) {
    const response = await client.respond();
    said.push(text(response));
    challenge = await server.challenge(response);
  } else {
    challenge = await server.challenge();
  }
  while (challenge !== undefined) {
    said.push(text(challenge));
    const response = await client.respond(challenge);
    said.push(text(response));
    challenge = await server.challenge(response);
  }
  return said;
}
