//! The codes in groups, as the pages about them are arranged.

use super::{CODES, Code, CodeInfo};

/// Codes that belong together.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// What they are about.
    pub title: &'static str,
    /// The first of them in the order of the catalogue; they go on up to the next group's.
    first: Code,
}

/// Every group, in the order of the catalogue.
pub static GROUPS: &[Group] = &[
    Group { title: "Form", first: Code::UnexpectedToken },
    Group { title: "Tables", first: Code::UnknownDataset },
    Group { title: "Names", first: Code::UnknownColumn },
    Group { title: "Types", first: Code::TypeMismatch },
    Group { title: "Clauses", first: Code::NotGrouped },
    Group { title: "Parameters", first: Code::UnknownParameter },
    Group { title: "Requests", first: Code::NotOnThisPortal },
    Group { title: "Comments that speak to the checker", first: Code::AllowWithoutReason },
    Group { title: "Rows", first: Code::ImplicitLimit },
    Group { title: "Dates, types and literals", first: Code::TimestampEquality },
    Group { title: "Nulls", first: Code::EqualsNull },
    Group { title: "Text", first: Code::CaseSensitiveLike },
    Group { title: "Names and shape", first: Code::UnaliasedAggregate },
    Group { title: "Places", first: Code::SwappedCoordinates },
    Group { title: "Secrets", first: Code::SecretInQuery },
];

impl Group {
    /// Its codes.
    pub fn codes(self) -> impl Iterator<Item = &'static CodeInfo> {
        CODES.iter().filter(move |info| info.group().first == self.first)
    }
}

impl CodeInfo {
    /// The group that it belongs to.
    #[must_use]
    pub fn group(&self) -> Group {
        let last = GROUPS.iter().rev().find(|group| group.first <= self.code);
        last.copied().unwrap_or(Group { title: "", first: Code::UnexpectedToken })
    }

    /// The address of the page about it.
    #[must_use]
    pub fn page(&self) -> String {
        format!("{}/blob/main/docs/rules/{}.md", env!("CARGO_PKG_REPOSITORY"), self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_in_one_group_and_no_group_is_empty() {
        let all: Vec<Code> =
            GROUPS.iter().flat_map(|group| group.codes()).map(|info| info.code).collect();
        assert_eq!(all, CODES.iter().map(|info| info.code).collect::<Vec<_>>());
        assert!(GROUPS.iter().all(|group| group.codes().next().is_some()));
        // Faults and lints share no group.
        let mixed = GROUPS.iter().find(|group| {
            let first = CODES.iter().find(|info| info.code == group.first);
            group.codes().any(|info| first.is_some_and(|first| first.lint != info.lint))
        });
        assert!(mixed.is_none(), "{mixed:?}");
    }
}
