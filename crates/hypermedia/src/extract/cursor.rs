//! The position of a page in a list, as one word in its address. A malformed word means the
//! beginning of the list.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::Timestamp;

/// The place behind the row of that moment and id.
pub fn encode(created_at: Timestamp, id: &[u8; 16]) -> String {
    let mut bytes = created_at.as_millis().to_be_bytes().to_vec();
    bytes.extend(id);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The moment and the id of the row before the place.
pub fn decode(text: &str) -> Option<(Timestamp, [u8; 16])> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    let (moment, id) = bytes.split_first_chunk::<8>()?;
    Some((Timestamp::from_millis(i64::from_be_bytes(*moment)), id.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_way_through_an_address() {
        let (moment, id) = (Timestamp::from_millis(-5), [7; 16]);
        assert_eq!(decode(&encode(moment, &id)), Some((moment, id)));
        for wrong in ["", "2", "%", "AAAA", &"A".repeat(90)] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
