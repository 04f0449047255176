//! The names of common authenticators by their AAGUIDs, for the name of a new passkey.
//!
//! The list is a convenience and proves nothing: an authenticator states its AAGUID itself, and
//! many state none. AAGUIDs and names are those of the list that the providers keep,
//! <https://github.com/passkeydeveloper/passkey-authenticator-aaguids>, on 7 August 2026.

use domain::Aaguid;

/// Models and the names that their users know.
const PROVIDERS: [(&str, &str); 14] = [
    ("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4", "Google Password Manager"),
    ("adce0002-35bc-c60a-648b-0b25f1f05503", "Chrome on Mac"),
    ("08987058-cadc-4b81-b6e1-30de50dcbe96", "Windows Hello"),
    ("9ddd1817-af5a-4672-a2b9-3e3dd95000a9", "Windows Hello"),
    ("6028b017-b1d4-4c02-b4b3-afcdafc96bb2", "Windows Hello"),
    ("fbfc3007-154e-4ecc-8c0b-6e020557d7bd", "Apple Passwords"),
    ("dd4ec289-e01d-41c9-bb89-70fa845d4bf2", "iCloud Keychain (Managed)"),
    ("53414d53-554e-4700-0000-000000000000", "Samsung Pass"),
    ("bada5566-a7aa-401f-bd96-45619a55120d", "1Password"),
    ("d548826e-79b4-db40-a3d8-11116f7e8349", "Bitwarden"),
    ("531126d6-e717-415c-9320-3d9aa6981239", "Dashlane"),
    ("50726f74-6f6e-5061-7373-50726f746f6e", "Proton Pass"),
    ("b84e4048-15dc-4dd0-8640-f4f60813c8af", "NordPass"),
    ("0ea242b4-43c4-4a1b-8b17-dd6d0b6baec6", "Keeper"),
];

/// Returns the name of the authenticator, if it is a common one.
pub(super) fn name_of(aaguid: Aaguid) -> Option<&'static str> {
    let aaguid = aaguid.to_string();
    PROVIDERS.iter().find(|(known, _)| *known == aaguid).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use domain::DisplayName;

    use super::*;

    #[test]
    fn a_common_authenticator_has_a_name_and_an_unknown_one_has_none() {
        let bitwarden = [
            0xd5, 0x48, 0x82, 0x6e, 0x79, 0xb4, 0xdb, 0x40, 0xa3, 0xd8, 0x11, 0x11, 0x6f, 0x7e,
            0x83, 0x49,
        ];
        assert_eq!(name_of(Aaguid::from_bytes(bitwarden)), Some("Bitwarden"));
        assert_eq!(name_of(Aaguid::from_bytes([0; 16])), None);
    }

    #[test]
    fn every_name_can_be_the_name_of_a_passkey() {
        for (aaguid, name) in PROVIDERS {
            assert!(DisplayName::parse(name).is_ok(), "{name}");
            assert_eq!(aaguid.len(), 36, "{aaguid}");
            assert_eq!(aaguid, aaguid.to_lowercase());
        }
    }
}
