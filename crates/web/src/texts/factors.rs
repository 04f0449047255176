//! The texts of the pages about second factors, and of the second step of a log-in.

/// The texts about second factors.
#[derive(Debug)]
pub(crate) struct Factors {
    /// The page of the second factors.
    pub(crate) title: &'static str,
    /// Its first sentence, without a factor.
    pub(crate) lead: &'static str,
    /// Its first sentence, with a factor.
    pub(crate) lead_on: &'static str,
    /// Its first sentence for a user who has to set a factor up.
    pub(crate) lead_required: &'static str,
    /// For a user with an unconfirmed address.
    pub(crate) confirm_first: &'static str,
    /// Above the list of apps.
    pub(crate) apps: &'static str,
    /// Without an app.
    pub(crate) apps_lead: &'static str,
    /// To the page that adds an app.
    pub(crate) add_app: &'static str,
    /// In place of the last use.
    pub(crate) never_used: &'static str,
    /// Above the recovery codes.
    pub(crate) recovery_codes: &'static str,
    /// What they are for.
    pub(crate) recovery_codes_lead: &'static str,
    /// Before the first codes are saved.
    pub(crate) finish: &'static str,
    /// To the first recovery codes.
    pub(crate) get_codes: &'static str,
    /// To new recovery codes.
    pub(crate) renew_codes: &'static str,
    /// After a used code, before the moment.
    pub(crate) code_used: &'static str,
    /// The link after that.
    pub(crate) few_codes_action: &'static str,
    /// The page of new codes.
    pub(crate) codes_title: &'static str,
    /// Its first sentence.
    pub(crate) codes_lead: &'static str,
    /// Where there are codes already.
    pub(crate) codes_replace: &'static str,
    /// The button that copies the codes.
    pub(crate) copy: &'static str,
    /// After that.
    pub(crate) copied: &'static str,
    /// The button that prints them.
    pub(crate) print: &'static str,
    /// The button that downloads them.
    pub(crate) download: &'static str,
    /// The box of a user who has saved them.
    pub(crate) codes_saved_box: &'static str,
    /// Beside that box.
    pub(crate) codes_saved_missing: &'static str,
    /// The button of that form.
    pub(crate) save_codes: &'static str,
    /// Above codes that take the place of others.
    pub(crate) codes_stale: &'static str,
    /// The page that sets an app up.
    pub(crate) app_title: &'static str,
    /// Its first sentence.
    pub(crate) app_lead: &'static str,
    /// What the picture is, for those who do not see it.
    pub(crate) app_qr: &'static str,
    /// The link that opens the app.
    pub(crate) app_link: &'static str,
    /// Before the secret.
    pub(crate) app_typed: &'static str,
    /// The field for the name of a factor.
    pub(crate) name: &'static str,
    /// Its hint for a new app.
    pub(crate) app_name_hint: &'static str,
    /// The name of an app that was given none.
    pub(crate) app_default_name: &'static str,
    /// The field for the first code.
    pub(crate) first_code: &'static str,
    /// The box that logs other browsers out.
    pub(crate) end_others: &'static str,
    /// The button of the form.
    pub(crate) app_submit: &'static str,
    /// Above a form that is too old.
    pub(crate) app_stale: &'static str,
    /// Where there are ten apps.
    pub(crate) too_many_apps: &'static str,
    /// The question for another name.
    pub(crate) rename: &'static str,
    /// What that is good for.
    pub(crate) rename_effect: &'static str,
    /// The hint beside the name.
    pub(crate) name_hint: &'static str,
    /// The question before a factor is removed, and its button.
    pub(crate) remove: &'static str,
    /// What that does.
    pub(crate) remove_effect: &'static str,
    /// What it does to the last factor.
    pub(crate) remove_last_effect: &'static str,
    /// Where the last factor has to stay.
    pub(crate) last_stays: &'static str,
    /// Above the list of remembered browsers.
    pub(crate) browsers: &'static str,
    /// What they are.
    pub(crate) browsers_lead: &'static str,
    /// The button that forgets one.
    pub(crate) forget: &'static str,
    /// The second step of a log-in.
    pub(crate) step_title: &'static str,
    /// Its first sentence.
    pub(crate) step_lead: &'static str,
    /// The same where there are recovery codes alone.
    pub(crate) step_lead_recovery: &'static str,
    /// Its button.
    pub(crate) step_submit: &'static str,
    /// Opens the form for a recovery code.
    pub(crate) use_recovery_code: &'static str,
    /// The way back to the log-in page.
    pub(crate) other_account: &'static str,
    /// The field for a code.
    pub(crate) code: &'static str,
    /// Its hint where a recovery code will do.
    pub(crate) any_code_hint: &'static str,
    /// The field for a recovery code.
    pub(crate) recovery_code: &'static str,
    /// The box that has the browser remembered.
    pub(crate) remember_browser: &'static str,
    /// Beside an empty code.
    pub(crate) code_missing: &'static str,
    /// Beside a malformed code.
    pub(crate) code_malformed: &'static str,
    /// Beside a wrong code.
    pub(crate) code_wrong: &'static str,
    /// Beside an empty recovery code.
    pub(crate) recovery_code_missing: &'static str,
    /// Beside a malformed recovery code.
    pub(crate) recovery_code_malformed: &'static str,
    /// Beside a wrong recovery code.
    pub(crate) recovery_code_wrong: &'static str,
    /// On the log-in page, after the time for the second step.
    pub(crate) step_expired: &'static str,
    /// On the log-in page, after too many wrong codes.
    pub(crate) step_no_try: &'static str,
    /// On the log-in page, where the second step is over otherwise.
    pub(crate) step_gone: &'static str,
    /// After adding an app.
    pub(crate) app_added: &'static str,
    /// After the first codes are saved.
    pub(crate) turned_on: &'static str,
    /// After new codes are saved.
    pub(crate) codes_renewed: &'static str,
    /// After giving a factor another name.
    pub(crate) renamed: &'static str,
    /// After removing a factor.
    pub(crate) removed: &'static str,
    /// After forgetting a browser.
    pub(crate) forgotten: &'static str,
    /// The columns of the list of factors.
    pub(crate) columns: [&'static str; 4],
    /// The columns of the list of remembered browsers.
    pub(crate) browser_columns: [&'static str; 5],
    /// How many recovery codes are left.
    pub(crate) codes_left: fn(usize) -> String,
}
