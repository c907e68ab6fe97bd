//! `elyos stop`: the project's private PostgreSQL.

use crate::arguments::Arguments;
use crate::cluster::Cluster;
use crate::failure::Error;
use crate::folder::Folder;
use crate::output::Output;

pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<u8, Error> {
    // The folder is enough: a bundle that is not in order does not keep its server running.
    let folder = Folder::find(arguments.project.as_deref())?;
    let stopped = Cluster::stop(&folder.path)?;
    let text = if stopped {
        "stopped the project's private PostgreSQL; its data stay"
    } else {
        "the project's private PostgreSQL was not running"
    };
    output.result(&serde_json::json!({ "stopped": stopped }), text);
    Ok(0)
}
