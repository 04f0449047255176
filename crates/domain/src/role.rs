//! The roles of users, and the permissions of each role, as data of the product. Routes ask for a
//! permission and never for a role.

use std::{borrow::Cow, fmt};

use crate::Language;

/// The longest name of a role or a permission.
const MAX_NAME: usize = 32;

/// The role of a user, by its name. What it allows is said by [`Roles`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Role(Cow<'static, str>);

/// An action that only some roles allow, by its name, such as `users.manage`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Permission(&'static str);

/// A role as a product defines it.
#[derive(Clone, Copy, Debug)]
pub struct RoleDefinition {
    /// The name in forms, commands and the database: 1 to 32 characters `a` to `z`, `0` to `9`,
    /// `.`, `_` and `-`.
    pub name: &'static str,
    /// The name as people read it.
    pub label: fn(Language) -> &'static str,
    /// What the role allows.
    pub permissions: &'static [Permission],
}

/// The roles of a product: `user`, its own ones, and `admin`, which allows everything.
#[derive(Clone, Copy, Debug, Default)]
pub struct Roles(&'static [RoleDefinition]);

/// Roles that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRoles {
    /// A name of a role or of a permission is not what [`RoleDefinition::name`] asks for.
    #[error("{0:?} is no name; use 1 to 32 characters a to z, 0 to 9, `.`, `_` and `-`")]
    Name(&'static str),
    /// Two roles have the same name.
    #[error("the role {0:?} is there twice")]
    Twice(&'static str),
    /// A role lists a permission twice.
    #[error("the role {0:?} has a permission twice")]
    PermissionTwice(&'static str),
}

/// The error for a text that is not the name of a role of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such role")]
pub struct UnknownRole;

impl Role {
    /// A person with an account.
    pub const USER: Self = Self::named("user");
    /// A person who manages the accounts of others.
    pub const ADMIN: Self = Self::named("admin");

    /// The role with this name.
    pub const fn named(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The role with a name from the database, which may be one that the product no longer has.
    pub fn from_database(name: &str) -> Self {
        for known in [Self::USER, Self::ADMIN] {
            if known.as_str() == name {
                return known;
            }
        }
        Self(Cow::Owned(name.to_owned()))
    }

    /// Returns the name of the role in forms and in the database.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether this is [`Role::ADMIN`].
    pub fn is_admin(&self) -> bool {
        *self == Self::ADMIN
    }
}

impl Permission {
    /// Seeing every account.
    pub const READ_USERS: Self = Self::named("users.read");
    /// Changing the accounts of others, their roles too. Includes [`Self::READ_USERS`].
    pub const MANAGE_USERS: Self = Self::named("users.manage");
    /// Reading the events of every account.
    pub const READ_EVENTS: Self = Self::named("events.read");
    /// Seeing the mails that wait or failed, and sending them again.
    pub const MANAGE_MAIL: Self = Self::named("mail.manage");

    /// The permission with this name.
    pub const fn named(name: &'static str) -> Self {
        Self(name)
    }

    /// Returns the name.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl Roles {
    /// The roles of a product with these besides `user` and `admin`.
    pub const fn new(own: &'static [RoleDefinition]) -> Self {
        Self(own)
    }

    /// Checks the names, and that nothing is there twice.
    pub fn check(&self) -> Result<(), InvalidRoles> {
        let mut names = vec![Role::USER.0, Role::ADMIN.0];
        for role in self.0 {
            let permissions = role.permissions.iter().map(|permission| permission.as_str());
            if let Some(wrong) = permissions.chain([role.name]).find(|name| !is_name(name)) {
                return Err(InvalidRoles::Name(wrong));
            }
            if names.contains(&Cow::Borrowed(role.name)) {
                return Err(InvalidRoles::Twice(role.name));
            }
            names.push(Cow::Borrowed(role.name));
            let is_twice = |(at, permission): (usize, &Permission)| {
                role.permissions.iter().skip(at + 1).any(|other| other == permission)
            };
            if role.permissions.iter().enumerate().any(is_twice) {
                return Err(InvalidRoles::PermissionTwice(role.name));
            }
        }
        Ok(())
    }

    /// Returns all roles: `user`, those of the product, and `admin`.
    pub fn all(&self) -> impl Iterator<Item = Role> {
        let own = self.0.iter().map(|role| Role::named(role.name));
        [Role::USER].into_iter().chain(own).chain([Role::ADMIN])
    }

    /// Returns the role with this name.
    pub fn find(&self, name: &str) -> Result<Role, UnknownRole> {
        self.all().find(|role| role.as_str() == name).ok_or(UnknownRole)
    }

    /// Returns the product's own definition of the role; `None` for `user`, `admin` and a role
    /// that the product does not have.
    pub fn definition(&self, role: &Role) -> Option<&'static RoleDefinition> {
        self.0.iter().find(|known| known.name == role.as_str())
    }

    /// Returns whether `role` allows `permission`. A role that the product does not have allows
    /// nothing. Managing users includes seeing them.
    pub fn allows(&self, role: &Role, permission: Permission) -> bool {
        let lists = |permission| {
            self.definition(role).is_some_and(|known| known.permissions.contains(&permission))
        };
        let is_implied = permission == Permission::READ_USERS && lists(Permission::MANAGE_USERS);
        role.is_admin() || lists(permission) || is_implied
    }
}

fn is_name(name: &str) -> bool {
    let is_allowed =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
    !name.is_empty() && name.len() <= MAX_NAME && name.chars().all(is_allowed)
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLISH: Permission = Permission::named("notes.publish");
    const EDITOR: RoleDefinition =
        RoleDefinition { name: "editor", label: |_| "Editor", permissions: &[PUBLISH] };
    const ROLES: Roles = Roles::new(&[EDITOR]);

    #[test]
    fn a_role_allows_its_permissions_and_an_unknown_one_none() {
        let allowed = |name, permission| ROLES.allows(&Role::from_database(name), permission);
        for (name, publishes, manages) in [
            ("user", false, false),
            ("editor", true, false),
            ("admin", true, true),
            ("former", false, false),
            ("", false, false),
            ("Admin", false, false),
        ] {
            assert_eq!(allowed(name, PUBLISH), publishes, "{name}");
            assert_eq!(allowed(name, Permission::MANAGE_USERS), manages, "{name}");
        }
    }

    #[test]
    fn managing_users_includes_seeing_them_and_not_the_reverse() {
        const MANAGER: RoleDefinition = RoleDefinition {
            name: "manager",
            label: |_| "Manager",
            permissions: &[Permission::MANAGE_USERS],
        };
        const READER: RoleDefinition = RoleDefinition {
            name: "reader",
            label: |_| "Reader",
            permissions: &[Permission::READ_USERS],
        };
        let roles = Roles::new(&[MANAGER, READER]);
        let allowed = |name, permission| roles.allows(&Role::from_database(name), permission);

        assert!(allowed("manager", Permission::READ_USERS));
        assert!(allowed("reader", Permission::READ_USERS));
        assert!(!allowed("reader", Permission::MANAGE_USERS));
        assert!(!allowed("manager", Permission::READ_EVENTS));
    }

    #[test]
    fn roles_are_found_by_name() {
        let names: Vec<_> = ROLES.all().map(|role| role.to_string()).collect();
        assert_eq!(names, ["user", "editor", "admin"]);
        assert_eq!(ROLES.find("editor"), Ok(Role::named("editor")));
        assert_eq!(ROLES.find("former"), Err(UnknownRole));
    }

    #[test]
    fn what_is_there_twice_or_has_no_name_is_refused() {
        const fn named(name: &'static str) -> RoleDefinition {
            RoleDefinition { name, ..EDITOR }
        }
        const TWICE: RoleDefinition = RoleDefinition { permissions: &[PUBLISH, PUBLISH], ..EDITOR };

        assert_eq!(ROLES.check(), Ok(()));
        let check = |roles| Roles::new(roles).check();
        assert_eq!(check(&[EDITOR, EDITOR]), Err(InvalidRoles::Twice("editor")));
        assert_eq!(check(const { &[named("admin")] }), Err(InvalidRoles::Twice("admin")));
        assert_eq!(check(const { &[named("")] }), Err(InvalidRoles::Name("")));
        assert_eq!(check(const { &[named("Editor")] }), Err(InvalidRoles::Name("Editor")));
        assert_eq!(check(const { &[TWICE] }), Err(InvalidRoles::PermissionTwice("editor")));
    }
}
