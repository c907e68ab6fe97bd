//! `elyos stop`: the project's private PostgreSQL.

use crate::arguments::Arguments;
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::output::Output;
use crate::project::Project;

pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<u8, Failure> {
    let project = Project::find(arguments.project.as_deref())?;
    let stopped = Cluster::stop(&project.folder)?;
    let text = if stopped {
        "stopped the project's private PostgreSQL; its data stay"
    } else {
        "the project's private PostgreSQL was not running"
    };
    output.result(&serde_json::json!({ "stopped": stopped }), text);
    Ok(0)
}
