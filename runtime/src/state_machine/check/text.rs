//! A sentence that is written while the program compiles.

const ROOM: usize = 512;
const CUT: &str = "…";

/// What a check found. It holds 512 bytes; a longer text ends in `…`.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    bytes: [u8; ROOM],
    len: usize,
    full: bool,
    edge: usize,
}

impl Text {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; ROOM], len: 0, full: false, edge: 0 }
    }

    /// The text.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => CUT,
        }
    }

    /// The place, in the list of edges, of the one that is wrong; 0 if it is not about one.
    #[must_use]
    pub const fn edge(&self) -> usize {
        self.edge
    }

    pub(super) const fn at(mut self, edge: usize) -> Self {
        self.edge = edge;
        self
    }

    pub(super) const fn add(self, text: &str) -> Self {
        if self.full {
            return self;
        }
        let free = ROOM - self.len;
        if text.len() <= free {
            return self.append(text.as_bytes(), text.len());
        }
        let mut last = self.len + text.len();
        let mut cut = self.append(text.as_bytes(), free);
        last = if last > ROOM - CUT.len() { ROOM - CUT.len() } else { last };
        while last > 0 && cut.bytes[last] & 0b1100_0000 == 0b1000_0000 {
            last -= 1;
        }
        cut.len = last;
        cut = cut.append(CUT.as_bytes(), CUT.len());
        cut.full = true;
        cut
    }

    pub(super) const fn code(self, text: &str) -> Self {
        self.add("`").add(text).add("`")
    }

    pub(super) const fn help(self, text: &str) -> Self {
        self.add("\n= help: ").add(text)
    }

    const fn append(mut self, bytes: &[u8], count: usize) -> Self {
        let mut at = 0;
        while at < count {
            self.bytes[self.len + at] = bytes[at];
            at += 1;
        }
        self.len += count;
        self
    }
}
