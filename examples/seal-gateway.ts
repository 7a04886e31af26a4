// A mail gateway that seals what passes through it, without ever holding a
// message: whoever connects sends one, closes his side, and gets it back signed,
// encrypted or re-keyed, as it comes.
//
//   const gateway = openGateway(() => new MessageSigner({ signers, signingTime: new Date() }));
//   gateway.listen(10025, '127.0.0.1');
//
// What cannot be sealed to its end is no message: the connection is reset then,
// so that nobody takes what he has for a whole one.

import { createServer, type Server } from 'node:net';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { OctetTransformer } from 'mailseal';

/** A stream of Node.js of anything with `update` and `finish`. */
export function nodeTransform(transformer: OctetTransformer): Transform {
  const step = async (
    work: () => Uint8Array | Promise<Uint8Array>,
    done: TransformCallback,
  ): Promise<void> => {
    let octets: Uint8Array;
    try {
      octets = await work();
    } catch (error) {
      done(error as Error);
      return;
    }
    // An empty piece would be taken for no piece at all, and is none.
    done(null, octets.length === 0 ? undefined : octets);
  };
  return new Transform({
    transform: (chunk: Uint8Array, _, done) => void step(() => transformer.update(chunk), done),
    flush: (done) => void step(() => transformer.finish(), done),
  });
}

/**
 * A gateway, which is told where to listen by its caller.
 *
 * @param sealer makes what seals one message: a MessageSigner, MessageEncryptor or MessageRekeyer
 * @param failed is told of each message that could not be sealed
 */
export function openGateway(
  sealer: () => OctetTransformer,
  failed: (error: Error) => void = () => {},
): Server {
  return createServer({ allowHalfOpen: true }, async (socket) => {
    const seal = nodeTransform(sealer());
    // Before the pipeline closes the socket as after a whole message.
    seal.once('error', () => socket.resetAndDestroy());
    try {
      await pipeline(socket, seal, socket);
    } catch (error) {
      failed(error as Error);
    }
  });
}
