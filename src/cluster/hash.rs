//! A hash that never changes: first choices of addresses, nodes and names come from it.
//!
//! The standard library's hasher may differ between releases; a shared link must not.

use crate::manifest::joined;
use std::rc::Rc;

/// FNV-1a with a final mix, so that near keys land far apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hash(u64);

impl Hash {
    /// The hash of nothing yet.
    pub(crate) const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Takes in text, and that it ends here.
    pub(crate) fn text(mut self, text: &str) -> Self {
        for byte in text.bytes() {
            self.byte(byte);
        }
        self.byte(0xff);
        self
    }

    /// Takes in a number.
    pub(crate) fn number(mut self, number: u64) -> Self {
        for byte in number.to_le_bytes() {
            self.byte(byte);
        }
        self
    }

    fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }

    /// The value.
    pub(crate) const fn finish(self) -> u64 {
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }
}

/// Letters that cannot spell words.
/// Models k8s.io/apimachinery/pkg/util/rand `alphanums`.
const SAFE: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";

/// `front`, a dash where there is one, and five letters that look random and follow from `hash`.
pub(crate) fn suffixed(front: &str, dash: &str, mut hash: u64) -> Rc<str> {
    let letters: [u8; 5] = std::array::from_fn(|_| {
        let letter = SAFE[(hash % 27) as usize];
        hash /= 27;
        letter
    });
    joined(&[front, dash, std::str::from_utf8(&letters).unwrap_or_default()])
}

/// A template's hash as ReplicaSets carry it.
/// Models k8s.io/apimachinery/pkg/util/rand `SafeEncodeString` of a 32-bit hash in decimal.
pub(crate) fn template_hash(hash: u64) -> Rc<str> {
    let mut letters = [0; 10];
    let mut at = letters.len();
    let mut rest = hash as u32;
    loop {
        at -= 1;
        letters[at] = SAFE[(b'0' as usize + rest as usize % 10) % 27];
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    std::str::from_utf8(&letters[at..]).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_as_it_is() {
        assert_eq!(
            Hash::new().text("default").text("web").finish(),
            Hash::new().text("default").text("web").finish()
        );
        assert_ne!(Hash::new().text("a").text("b").finish(), Hash::new().text("ab").finish());
        assert_eq!(&*template_hash(0), "4");
        assert_eq!(&*template_hash(4_294_967_295), "86f8fbc6f9");
        assert_eq!(&*suffixed("web", "-", 0), "web-bbbbb");
    }
}
