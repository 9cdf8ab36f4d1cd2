"""WHATWG's decoders, step by step as https://encoding.spec.whatwg.org has them, for comparison.

An index is a function of the bytes of a character; it returns None where the standard's has nothing.
"""

from __future__ import annotations

from collections.abc import Callable

Index = Callable[[bytes], "str | None"]
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
END = -1


def pairs(
    payload: bytes, index: Index, leads: set[int], single: dict[int, str], jis0212: bool = False
) -> str:
    """Decode EUC-JP (`jis0212`), Shift_JIS, EUC-KR or Big5."""
    output, lead, second = "", b"", b""
    queue = list(payload)
    while queue or lead:
        byte = queue.pop(0) if queue else END
        if byte == END:
            output, lead, second = output + REPLACEMENT, b"", b""
        elif lead and jis0212 and lead == b"\x8f" and not second and 0xA1 <= byte <= 0xFE:
            second = bytes((byte,))
        elif lead:
            text = index(lead + second + bytes((byte,)))
            if text is None and byte < 0x80:
                queue.insert(0, byte)
            output, lead, second = output + (text or REPLACEMENT), b"", b""
        elif byte < 0x80:
            output += chr(byte)
        elif byte in leads:
            lead = bytes((byte,))
        else:
            output += single.get(byte, REPLACEMENT)
    return output


def gb18030(payload: bytes, index: Index) -> str:
    """Decode GBK or gb18030."""
    output = ""
    queue = list(payload)
    while queue:
        first = queue.pop(0)
        if first < 0x81 or first == 0xFF:
            output += {0x80: "€", 0xFF: REPLACEMENT}.get(first, chr(first))
            continue
        read = bytes((first,))
        in_range = (range(0x30, 0x3A), range(0x81, 0xFF), range(0x30, 0x3A))
        while queue and len(read) < 4 and queue[0] in in_range[len(read) - 1]:
            read += bytes((queue.pop(0),))
        if len(read) == 1 and queue:
            byte = queue.pop(0)
            text = index(read + bytes((byte,)))
            if text is None and byte < 0x80:
                queue.insert(0, byte)
            output += text or REPLACEMENT
        elif len(read) == 4:
            output += index(read) or REPLACEMENT
        else:
            output += REPLACEMENT
            if queue:  # not at the end: only the first byte goes
                queue[:0] = read[1:]
    return output


def iso_2022_jp(payload: bytes, index: Index) -> str:
    """Decode ISO-2022-JP; `index` takes the bytes of EUC-JP."""
    states = {b"(B": "ASCII", b"(J": "Roman", b"(I": "katakana", b"$@": "lead", b"$B": "lead"}
    output, state, output_state, lead, flag = "", "ASCII", "ASCII", 0, False
    queue = list(payload)
    while True:
        byte = queue.pop(0) if queue else END
        if state == "escape start":
            if byte in (0x24, 0x28):
                state, lead = "escape", byte
                continue
            if byte != END:
                queue.insert(0, byte)
            output, state, flag = output + REPLACEMENT, output_state, False
        elif state == "escape":
            new = states.get(bytes((lead, byte))) if byte != END else None
            if new:
                state = output_state = new
                output += REPLACEMENT if flag else ""
                flag = True
                continue
            queue[:0] = [lead] if byte == END else [lead, byte]
            output, state, flag = output + REPLACEMENT, output_state, False
        elif state == "trail":
            state = "escape start" if byte == 0x1B else "lead"
            text = index(bytes((lead | 0x80, byte | 0x80))) if 0x21 <= byte <= 0x7E else None
            output += text or REPLACEMENT
        elif byte == END:
            return output
        elif byte == 0x1B:
            state = "escape start"
        else:
            flag = False
            if state == "lead" and 0x21 <= byte <= 0x7E:
                state, lead = "trail", byte
            elif state == "katakana" and 0x21 <= byte <= 0x5F:
                output += chr(0xFF61 - 0x21 + byte)
            elif state in ("ASCII", "Roman") and byte < 0x80 and byte not in (0x0E, 0x0F):
                output += (
                    {0x5C: "¥", 0x7E: "‾"}.get(byte, chr(byte)) if state == "Roman" else chr(byte)
                )
            else:
                output += REPLACEMENT
