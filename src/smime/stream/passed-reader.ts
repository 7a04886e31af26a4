import { asBytes, type Bytes } from '../../core/bytes.js';
import { ReceiveBuffer } from '../../core/receive-buffer.js';
import { HollowMessage } from '../../mime/hollow-message.js';
import type { Part } from '../../mime/part.js';
import { type MimeEvent, MimeReader } from '../../mime/reader.js';
import { announcesSignature, isCmsPart, isSignaturePart } from '../cms-part.js';
import type { PassedPart } from '../verify/passed-parts.js';
import { digestsOfMicalg } from './announced-digests.js';
import { CmsPartReader } from './cms-part-reader.js';
import { EntityDigest, nothingPassed } from './entity-digest.js';
import { HiddenSealWatch } from './hidden-seal-watch.js';
import { type Level, levelInside } from './passed-limits.js';
import type { EntityReader, PassedMessage, PassedSink } from './passed-message.js';
import { StrayLines } from './stray-lines.js';

/** Entities inside one another of which digests are made at the same time. */
const mostDigests = 8;

/** An entity that is open. */
interface Frame {
  /** Where it begins among the octets that are kept. */
  readonly start: number;
  readonly parent: Frame | undefined;
  /** From 1. */
  readonly index: number;
  readonly info: { -readonly [K in keyof PassedPart]: PassedPart[K] };
  part: Part | undefined;
  children: number;
  /** Whether octets of it were left out. */
  isHollow: boolean;
  digest: EntityDigest | undefined;
  stray: StrayLines | undefined;
  hidden: HiddenSealWatch | undefined;
  cms: CmsPartReader | undefined;
  inside: PassedMessage | undefined;
}

/** A body, or what stands around the parts of a multipart, without a gap so far. */
interface Region {
  readonly start: number;
  readonly most: number;
  length: number;
  isLeftOut: boolean;
}

/**
 * Reads a message in pieces and keeps what it is judged by: headers, delimiters, small bodies, CMS structures without
 * their contents, and digests of what is or may be signed in place of what was too long to keep.
 */
export class PassedReader implements EntityReader {
  readonly #level: Level;
  readonly #sink: PassedSink;
  readonly #reader: MimeReader;
  readonly #hollow: HollowMessage;
  readonly #buffer = new ReceiveBuffer();
  readonly #open: Frame[] = [];
  readonly #all: Frame[] = [];
  #window: Bytes = new Uint8Array(0);
  /** Where the window begins in the message, and up to where octets were kept or left out. */
  #base = 0;
  #at = 0;
  #received = 0;
  #region: Region | undefined;
  #bodiesLeft: number;
  #cmsLeft: number;
  #digests = 0;
  #cmsParts = 0;
  #mayHideSeals = false;

  constructor(level: Level, sink: PassedSink) {
    this.#level = level;
    this.#sink = sink;
    this.#reader = new MimeReader(level.options);
    this.#hollow = new HollowMessage(level.options, level.structureOctets + 2 * level.kept);
    this.#bodiesLeft = level.kept;
    this.#cmsLeft = level.kept;
  }

  /** Takes the next octets, which must not be changed before the next call. */
  async push(chunk: Bytes): Promise<void> {
    await this.#read(asBytes(chunk), (octets) => this.#reader.push(octets));
  }

  /** Everything was there. */
  async end(): Promise<PassedMessage> {
    await this.#read(new Uint8Array(0), () => this.#reader.end());
    const root = this.#hollow.finish();
    const parts = new Map<Part, PassedPart>();
    const leftOut = new Set<Part>();
    let at = 0;
    for (const part of root.walk()) {
      const { info, inside, isHollow } = this.#all[at++]!;
      if (isHollow || info.cms !== undefined) parts.set(part, info);
      if (isHollow) leftOut.add(part);
      for (const [inner, known] of inside?.parts ?? []) parts.set(inner, known);
      for (const inner of inside?.leftOut ?? []) leftOut.add(inner);
    }
    const kept = 2 * this.#level.kept - this.#bodiesLeft - this.#cmsLeft;
    return { root, parts, leftOut, mayHideSeals: this.#mayHideSeals, kept };
  }

  async #read(chunk: Bytes, read: (octets: Bytes) => MimeEvent[]): Promise<void> {
    this.#window = this.#buffer.append(chunk);
    this.#received += chunk.length;
    this.#base = this.#received - this.#window.length;
    for (const event of read(chunk)) await this.#take(event);
    this.#buffer.keep(this.#at - this.#base);
  }

  async #take(event: MimeEvent): Promise<void> {
    switch (event.type) {
      case 'body':
      case 'preamble':
      case 'epilogue':
        await this.#body(event);
        break;
      case 'part-begin':
        this.#keepTo(event.start);
        this.#begin();
        this.#hollow.take(event);
        break;
      case 'headers-end':
        this.#keepTo(event.bodyStart);
        this.#beginBody(this.#hollow.take(event)!);
        break;
      case 'defect':
        this.#hollow.take(event);
        break;
      case 'part-end':
        this.#keepTo(event.end);
        await this.#end();
        this.#hollow.take(event);
        break;
      default:
        this.#keepTo(event.end);
        this.#hollow.take(event);
    }
  }

  /** Keeps the octets up to there. */
  #keepTo(end: number): void {
    this.#endRegion();
    if (end <= this.#at) return;
    const octets = this.#octetsTo(end);
    this.#hollow.keep(octets);
    this.#digest(octets);
  }

  #octetsTo(end: number): Bytes {
    const octets = this.#window.subarray(this.#at - this.#base, end - this.#base);
    this.#at = end;
    return octets;
  }

  #digest(octets: Bytes): void {
    if (this.#digests === 0) return;
    for (const frame of this.#open) if (frame.digest !== undefined) this.#digestOf(frame, octets);
  }

  #digestOf({ digest, parent, part }: Frame, octets: Bytes): void {
    digest?.update(octets);
    this.#level.signedPart?.({
      part: this.#level.prefix + (part?.path ?? ''),
      isSaidSigned: parent?.part?.contentType.mediaType === 'multipart/signed',
      octets,
    });
  }

  #begin(): void {
    const parent = this.#open.at(-1);
    if (parent !== undefined) parent.children++;
    const frame: Frame = {
      start: this.#hollow.length,
      parent,
      index: parent?.children ?? 0,
      info: {},
      part: undefined,
      children: 0,
      isHollow: false,
      digest: undefined,
      stray: undefined,
      hidden: undefined,
      cms: undefined,
      inside: undefined,
    };
    this.#open.push(frame);
    this.#all.push(frame);
  }

  #beginBody(part: Part): void {
    const frame = this.#open.at(-1)!;
    frame.part = part;
    if (isMixedOrSigned(part)) {
      const boundary = part.contentType.parameters.get('boundary');
      if (boundary !== undefined) frame.stray = new StrayLines(boundary);
    }
    const parent = frame.parent?.part;
    // RFC 1847 §2.1: the signature is the second part, whatever its label.
    const isSecond = frame.index === 2 && parent?.isMultipart === true;
    const isSignature =
      isSecond && (isSignaturePart(part) || parent?.contentType.mediaType === 'multipart/signed');
    if (part.isMultipart || part.isMessage || !(isSignature || isCmsPart(part))) return;
    if (++this.#cmsParts > this.#level.seals) return;
    frame.cms = new CmsPartReader(
      this.#level,
      part.transferEncoding,
      this.#level.prefix + part.path,
      isSignature ? undefined : this.#sink,
      (place, unauthenticated) => {
        const kept = Math.min(this.#bodiesLeft, this.#cmsLeft) >> 2;
        return new PassedReader(levelInside(this.#level, place, kept, unauthenticated), this.#sink);
      },
    );
  }

  async #body(event: Extract<MimeEvent, { type: 'body' | 'preamble' | 'epilogue' }>): Promise<void> {
    if (this.#at < event.start) this.#keepTo(event.start);
    const frame = this.#open.at(-1)!;
    if (event.type === 'epilogue' && this.#region === undefined) {
      // The line end of the close delimiter may be its first octets.
      const delimiterEnd = Math.min(event.end, event.start + 2);
      this.#keepTo(delimiterEnd);
    }
    const octets = this.#octetsTo(event.end);
    const isCms = frame.cms !== undefined;
    this.#region ??= {
      start: this.#hollow.length,
      most: isCms ? this.#cmsLeft >> 1 : this.#bodiesLeft,
      length: 0,
      isLeftOut: false,
    };
    const region = this.#region;
    region.length += octets.length;
    if (region.length > region.most && !region.isLeftOut) this.#leaveOut(region);
    this.#digest(octets);
    if (region.isLeftOut) {
      frame.hidden?.update(octets);
      for (const { stray } of this.#open) stray?.update(octets);
    } else this.#hollow.keep(octets);
    await frame.cms?.push(octets);
  }

  /** Gives up what was kept of a region, and makes digests of what is open from now on. */
  #leaveOut(region: Region): void {
    const hollow = this.#hollow;
    region.isLeftOut = true;
    for (const frame of this.#open) {
      frame.isHollow = true;
      this.#beginDigest(frame);
      frame.stray?.follow(hollow.octets(0, region.start));
      frame.stray?.update(hollow.octets(region.start));
    }
    if (this.#mayHide()) {
      const frame = this.#open.at(-1)!;
      frame.hidden = new HiddenSealWatch(frame.part!, frame.cms !== undefined);
      frame.hidden.update(hollow.octets(region.start));
    }
    hollow.cut(region.start);
  }

  /** Whether it is of interest what is hidden in a body: not in one that stands in a seal. */
  #mayHide(): boolean {
    if (this.#level.prefix !== '' || this.#open.at(-1)!.children > 0) return false;
    // What is left out holds no parts, and so is no seal, whatever its type says: the boundary may be lost.
    return this.#open.slice(0, -1).every(({ part }) => !announcesSignature(part!));
  }

  /** Begins the digests of an entity that may be signed, with what was kept of it. */
  #beginDigest(frame: Frame): void {
    const around = frame.parent?.part;
    if (frame.index !== 1 || frame.digest !== undefined || frame.info.entity !== undefined) return;
    if (around?.isMultipart !== true) return;
    if (!isMixedOrSigned(around) || this.#digests >= mostDigests) {
      frame.info.entity = nothingPassed;
      return;
    }
    const { engine, gathered } = this.#level;
    const by = engine === undefined ? {} : { engine };
    const options = { digests: digestsOfMicalg(around), keep: gathered, ...by };
    frame.digest = new EntityDigest(options, frame.part?.transferEncoding === 'binary');
    this.#digestOf(frame, this.#hollow.octets(frame.start));
    this.#digests++;
  }

  #endRegion(): void {
    const region = this.#region;
    if (region === undefined) return;
    this.#region = undefined;
    if (region.isLeftOut) return;
    if (this.#open.at(-1)?.cms === undefined) this.#bodiesLeft -= region.length;
    else this.#cmsLeft -= region.length;
  }

  async #end(): Promise<void> {
    const frame = this.#open.pop()!;
    if (frame.digest !== undefined) {
      frame.info.entity = frame.digest.finish();
      frame.digest = undefined;
      this.#digests--;
    }
    if (frame.hidden?.finish() === true && frame.children === 0) this.#mayHideSeals = true;
    frame.hidden = undefined;
    if (frame.stray !== undefined) frame.info.strayLines = frame.stray.count;
    frame.stray = undefined;
    if (frame.cms === undefined) return;
    const { cms, inside } = await frame.cms.end();
    frame.cms = undefined;
    // What was decrypted is not decrypted again.
    const isDecrypted = cms.envelope !== undefined && cms.envelope.type !== 'compressedData';
    if (!frame.isHollow && !isDecrypted) return;
    frame.info.cms = cms;
    frame.inside = inside;
    this.#bodiesLeft -= inside?.kept ?? 0;
  }
}

/** Whether a signature may stand in it beside what it is over, of which all programs show the same. */
function isMixedOrSigned(part: Part): boolean {
  const { mediaType } = part.contentType;
  return part.isMultipart && (mediaType === 'multipart/signed' || mediaType === 'multipart/mixed');
}
