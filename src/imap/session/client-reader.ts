import { type Bytes, latin1FromBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { decodeBase64 } from '../../encoding/base64.js';
import type { ImapCommand } from '../command/command.js';
import type { ResponseEvent, UnparsedEvent } from '../framing/events.js';
import { ResponseDecoder } from '../framing/response-decoder.js';
import type { ContinuationResponse, ImapResponse, StatusResponse } from '../response/response.js';
import { decodeText } from '../text.js';
import { Attribution } from './attribution.js';
import { protocolError } from './client-record.js';
import { type ClientSender, cancelExchange, endIdle } from './client-sender.js';
import type { RunningCommand } from './command-pipeline.js';

/** Commands behind whose OK octets travel in another way. */
const switching: readonly string[] = ['STARTTLS', 'COMPRESS'];

/** Tags are no longer than so many octets here. */
export const LONGEST_TAG = 128;

/** What a client's server says, and what follows from it. */
export class ClientReader {
  readonly #sender: ClientSender;
  readonly #attribution = new Attribution();
  #decoder: ResponseDecoder;
  /** What was just completed, so that the stream behind it is another one. */
  #switching: ImapCommand | undefined;

  constructor(sender: ClientSender) {
    this.#sender = sender;
    this.#decoder = this.#newDecoder();
  }

  /** Reads another stream from here on. */
  restart(): void {
    this.#decoder = this.#newDecoder();
  }

  push(octets: Bytes): void {
    this.#decoder.push(octets);
    while (this.#decoder.stopped && !this.#sender.isBroken) {
      if (this.#switching === undefined) this.#decoder.resume();
      else this.#switchStream(this.#switching);
    }
  }

  end(): void {
    const { record } = this.#sender;
    if (!this.#sender.isBroken) for (const event of this.#decoder.end()) this.#take(event);
    if (record.state !== 'logout') record.change('ended');
    this.#drop(protocolError('the connection ended before the command was answered'));
    this.#sender.isBroken = true;
  }

  #newDecoder(): ResponseDecoder {
    const { limits, quirks, eager, literals } = this.#sender.options;
    return new ResponseDecoder({
      ...(limits && { limits }),
      ...(quirks !== undefined && { quirks }),
      ...(eager !== undefined && { eager }),
      ...(literals && { literals }),
      stopWhen: (event) => this.#take(event),
    });
  }

  /**
   * Takes what was decoded before anything behind it is: how that is to be read, if at all, may depend on it.
   * Says whether it does.
   */
  #take(event: ResponseEvent): boolean {
    if (event.type === 'unparsed') this.#missed(event);
    else if (event.type !== 'response') this.#sender.record.events.push(event);
    else if (this.#sender.record.state === 'greeting') this.#greeted(event.response);
    else if (event.response.type === '+') this.#continued(event.response);
    else if ('tag' in event.response && event.response.tag !== undefined)
      this.#answered(event.response, event.response.tag);
    else this.#told(event);
    if (this.#sender.isBroken || this.#switching !== undefined) return true;
    if (this.#decoder.utf8 === this.#sender.record.isUtf8) return false;
    this.#decoder.utf8 = this.#sender.record.isUtf8;
    return true;
  }

  /** What could not be read may be what ended a command, which would wait for ever. */
  #missed(event: UnparsedEvent): void {
    this.#sender.record.events.push(event);
    const [tag = ''] = latin1FromBytes(event.octets.subarray(0, LONGEST_TAG)).split(' ', 1);
    const command = this.#sender.pipeline.withTag(tag);
    if (command === undefined) return;
    const { name, facts } = command;
    // Whether it changed the state is not known, and so nothing is any more.
    if (facts.alone) {
      this.#fail(`the answer to ${name} cannot be read`, event.error);
      return;
    }
    this.#sender.pipeline.finish(command.tag);
    this.#sender.record.events.push({ type: 'command-dropped', tag: command.tag, name, error: event.error });
    this.#sender.sendWaiting();
  }

  #greeted(response: ImapResponse): void {
    // RFC 9051 §7.1: a greeting is an untagged OK, PREAUTH or BYE.
    const { type } = response;
    if ((type !== 'OK' && type !== 'PREAUTH' && type !== 'BYE') || response.tag !== undefined) {
      this.#fail('what the server sent first is no greeting');
      return;
    }
    this.#sender.record.events.push({ type: 'greeting', response });
    // RFC 9051 §11.1: an attacker who answers PREAUTH before TLS keeps STARTTLS from being sent.
    if (type === 'PREAUTH' && this.#sender.options.transport === 'starttls') {
      this.#fail('the server says PREAUTH before TLS, and TLS could not begin any more');
      return;
    }
    this.#sender.record.change(
      type === 'BYE' ? 'ended' : type === 'PREAUTH' ? 'preauthenticated' : 'greeted',
    );
    this.#sender.record.takeCapabilities(response.code);
  }

  #continued(response: ContinuationResponse): void {
    const { exchanging } = this.#sender.pipeline;
    switch (exchanging?.expects) {
      case 'literal':
        this.#sender.record.events.push({ type: 'send', octets: this.#sender.pipeline.write(exchanging) });
        this.#sender.sendWaiting();
        break;
      case 'challenge':
        this.#challenge(exchanging, response);
        break;
      case 'idle':
        exchanging.expects = 'idling';
        this.#sender.record.events.push({ type: 'idling', tag: exchanging.tag });
        if (exchanging.isToStop)
          this.#sender.record.events.push({ type: 'send', octets: endIdle(exchanging) });
        break;
      default:
        this.#sender.record.fault('the server asks to go on with something, and nothing waits for that');
    }
  }

  #challenge(authenticate: RunningCommand, { text }: ContinuationResponse): void {
    let octets: Bytes;
    try {
      octets = decodeBase64(decodeText(text).trim());
    } catch (error) {
      if (!(error instanceof MailsealError)) throw error;
      this.#sender.record.fault('the challenge is not base64, and so the exchange is cancelled', error);
      if (this.#sender.exchange?.tag === authenticate.tag)
        this.#sender.exchange = { ...this.#sender.exchange, cancelled: error };
      this.#sender.record.events.push({ type: 'send', octets: cancelExchange(authenticate) });
      return;
    }
    authenticate.expects = 'answer';
    this.#sender.record.events.push({ type: 'challenge', tag: authenticate.tag, octets });
  }

  #answered(response: StatusResponse, tag: string): void {
    const { type: outcome } = response;
    const isOutcome = outcome === 'OK' || outcome === 'NO' || outcome === 'BAD';
    const command = isOutcome ? this.#sender.pipeline.finish(tag) : undefined;
    if (!isOutcome || command === undefined) {
      this.#sender.record.fault(`"${tag}" is the tag of no command that is under way`);
      return;
    }
    const { name, expects } = command;
    if (outcome === 'OK' && expects !== undefined && expects !== 'challenge') {
      this.#sender.record.fault(`the server completed ${name} without waiting for the rest of it`);
    }
    const exchange = this.#sender.exchange?.tag === tag ? this.#sender.exchange : undefined;
    if (exchange !== undefined) this.#sender.exchange = undefined;
    // RFC 9051 §6.2.2: what was cancelled is rejected, and so nobody can have logged in.
    if (outcome === 'OK' && command.isCancelled) {
      this.#fail('the server says OK to an exchange that was cancelled', undefined, command);
      return;
    }
    // RFC 5802 §3: a server that did not prove to know the password is not the one to talk to.
    if (outcome === 'OK' && exchange?.sasl.isComplete === false) {
      this.#fail('the server says OK without having proved itself in the exchange', undefined, command);
      return;
    }
    this.#sender.record.takeOutcome(name, response);
    this.#sender.record.events.push({
      type: 'command-done',
      tag,
      name,
      outcome,
      response,
      ...(exchange?.cancelled && { cancelled: exchange.cancelled }),
    });
    if (outcome === 'OK' && switching.includes(name)) this.#switching = command.command;
    else this.#sender.sendWaiting();
  }

  /** Goes over to another stream; the decoder has stopped behind the OK to the command. */
  #switchStream(command: ImapCommand): void {
    this.#switching = undefined;
    const octets = this.#decoder.takeRest();
    if (command.name === 'COMPRESS') {
      this.#sender.record.events.push({ type: 'start-compression', mechanism: command.mechanism, octets });
      this.#sender.sendWaiting();
      return;
    }
    this.#sender.isTlsAwaited = true;
    // RFC 9051 §6.2.1: what came in the clear behind the OK is not the server's word under TLS.
    if (octets.length > 0) this.refuseInjected();
    else this.#sender.record.events.push({ type: 'start-tls' });
  }

  /** Ends the session for octets in the clear where TLS has to begin. */
  refuseInjected(): void {
    this.#sender.isTlsAwaited = false;
    this.#fail('octets in the clear follow the OK to STARTTLS: somebody may have put them there');
  }

  #told({ response, quirks }: Extract<ResponseEvent, { type: 'response' }>): void {
    const { running } = this.#sender.pipeline;
    const tag = this.#attribution.ownerOf(response, running, this.#sender.record.toldOf)?.tag;
    this.#sender.record.events.push({ type: 'response', response, tag, quirks });
    const isLeaving = response.type === 'EXPUNGE' || (response.type === 'VANISHED' && !response.earlier);
    if (isLeaving && this.#sender.pipeline.isSteady) {
      // RFC 9051 §7.5.1, RFC 7162 §3.2.10: those commands would be of other messages than the client meant.
      this.#sender.record.fault(`${response.type} came while a command with sequence numbers was under way`);
    }
    this.#sender.record.takeUntagged(response, tag);
  }

  /**
   * Ends the session for a fault that nothing can be believed behind.
   *
   * @param answered the command whose answer that was, no longer under way
   */
  #fail(message: string, cause?: unknown, answered?: RunningCommand): void {
    const error = protocolError(message, cause);
    this.#sender.isBroken = true;
    this.#sender.record.events.push({ type: 'protocol-error', error, isFatal: true });
    this.#sender.record.change('ended');
    this.#drop(error, answered);
  }

  #drop(error: MailsealError, answered?: RunningCommand): void {
    this.#sender.exchange = undefined;
    const others = this.#sender.pipeline.clear();
    for (const { tag, name } of answered === undefined ? others : [answered, ...others]) {
      this.#sender.record.events.push({ type: 'command-dropped', tag, name, error });
    }
  }
}
