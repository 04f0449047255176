//! The requests of a user who has a session.

use anyhow::{Context, Result};

use super::{
    database::{PASSWORD, Person},
    server::Server,
};
use crate::client::{Answer, Connection, Request};

impl Person {
    /// Returns the request for a page in the user's session.
    pub(super) fn get(&self, server: &Server, path: &str) -> Request {
        Request::get(server.address(), path, &self.cookie())
    }

    /// Fetches a page and returns its form, to be sent in the user's session.
    pub(super) async fn form(
        &self,
        server: &Server,
        connection: &mut Connection,
        path: &str,
    ) -> Result<Form> {
        let page = connection.send(&self.get(server, path)).await?;
        Form::on(&page, self.cookie())
    }

    fn cookie(&self) -> String {
        format!("latchkey-session={}", self.session_id)
    }
}

/// The cookie and the CSRF token that a form of this server needs.
pub(super) struct Form {
    pub(super) cookie: String,
    token: String,
}

impl Form {
    /// Fetches the form of an anonymous visitor.
    pub(super) async fn open(server: &Server, connection: &mut Connection) -> Result<Self> {
        let form = connection.send(&Request::get(server.address(), "/login", "")).await?;
        let cookie = form.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        let cookie = cookie.context("no cookie for the form")?.to_owned();
        Self::on(&form, cookie)
    }

    /// Reads the form on this page, to be sent with this cookie.
    fn on(page: &Answer<'_>, cookie: String) -> Result<Self> {
        let page = str::from_utf8(page.bytes)?;
        let token = page.split_once(r#"name="csrf_token" value=""#);
        let (_, token) = token.context("no token in the form")?;
        let token = token.split('"').next().unwrap_or_default().to_owned();
        Ok(Self { cookie, token })
    }

    /// Returns the form's body with these fields, which must be URL-encoded.
    pub(super) fn with(&self, fields: &str) -> String {
        format!("csrf_token={}&{fields}", self.token)
    }
}

/// Returns a log-in of each of `people`, with a form of this server. Each comes from a browser that
/// has logged in before, like nearly all log-ins.
pub(super) async fn log_ins(server: &Server, people: &[Person]) -> Result<Vec<Request>> {
    let mut connection = Connection::open(server.address()).await?;
    let Form { cookie, token } = Form::open(server, &mut connection).await?;
    let password = PASSWORD.replace(' ', "+");
    let mut log_ins = Vec::with_capacity(people.len());
    for person in people {
        let email = person.email.replace('@', "%40");
        let form = format!("csrf_token={token}&email={email}&password={password}");
        let first = Request::post(server.address(), "/login", &cookie, &form);
        let device =
            connection.send(&first).await?.cookie("latchkey-device").context("not logged in")?;
        let cookie = format!("{cookie}; {device}");
        log_ins.push(Request::post(server.address(), "/login", &cookie, &form));
    }
    Ok(log_ins)
}
