/** The bytes of what the service writes in base64. */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
}

/**
 * Text where it is text, else hexadecimal: nothing of the bytes is hidden.
 * @param most so many bytes are written; a character that this cuts is left out
 */
export function asText(bytes: Uint8Array, most = Infinity): string {
  const written = bytes.subarray(0, Math.min(most, bytes.length));
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(written, { stream: written.length < bytes.length });
    if (!/\p{Cc}/u.test(text.replace(/[\r\n\t]/g, ''))) {
      return text;
    }
  } catch {
    // Not UTF-8: shown as numbers below.
  }
  return [...written].map((one) => one.toString(16).padStart(2, '0')).join(' ');
}
