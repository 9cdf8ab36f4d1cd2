"""Tests of deploy/kubernetes: equal settings in both files, matching names, valid commands."""

from __future__ import annotations

import re
import zipfile
from typing import Any

import jsonschema
import pytest
from command_lines import settings_of
from deploy_files import DEPLOY, load_yaml, setup_cfg, spark_defaults
from spark_names import JARS, unknown_names
from test_docker import TEXT as DOCKERFILE
from test_docker import arguments

from jobs.run import plan
from schemas.settings.run import RunConfig

FOLDER = DEPLOY / "kubernetes"
APPLICATION_FILE = "local:///opt/redpajama/redpajama.py"
# settings that are fields of an application
FIELDS = {
    "spark.kubernetes.namespace": "metadata.namespace",
    "spark.kubernetes.container.image": "spec.image",
    "spark.kubernetes.authenticate.driver.serviceAccountName": "spec.driver.serviceAccount",
    "spark.kubernetes.authenticate.executor.serviceAccountName": "spec.executor.serviceAccount",
    "spark.driver.cores": "spec.driver.cores",
    "spark.driver.memory": "spec.driver.memory",
    "spark.driver.memoryOverhead": "spec.driver.memoryOverhead",
    "spark.executor.cores": "spec.executor.cores",
    "spark.executor.memory": "spec.executor.memory",
    "spark.executor.memoryOverhead": "spec.executor.memoryOverhead",
}
# fields of an application that are used here, from the operator's api/v1beta2/sparkapplication_types.go
WORD = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 0}
POD = {
    "cores": COUNT,
    "memory": {"type": "string", "pattern": "^[0-9]+[mg]$"},
    "memoryOverhead": {"type": "string", "pattern": "^[0-9]+[mg]$"},
    "serviceAccount": WORD,
    "podSecurityContext": {"type": "object"},
    "template": {"type": "object", "required": ["spec"]},
    "configMaps": {
        "type": "array",
        "items": {
            "required": ["name", "path"],
            "properties": {"name": WORD, "path": WORD},
            "additionalProperties": False,
        },
    },
}


def closed(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


RETRIES = ("onFailure", "onSubmissionFailure")
SPEC = closed(
    {
        "type": {"const": "Python"},
        "pythonVersion": {"enum": ["2", "3"]},
        "mode": {"enum": ["cluster", "client"]},
        "sparkVersion": WORD,
        "image": WORD,
        "imagePullPolicy": {"enum": ["Always", "IfNotPresent", "Never"]},
        "mainApplicationFile": WORD,
        "arguments": {"type": "array", "items": WORD},
        "sparkConf": {"type": "object", "additionalProperties": WORD},
        "restartPolicy": closed(
            {
                "type": {"enum": ["Never", "OnFailure", "Always"]},
                **{
                    f"{name}{field}": COUNT
                    for name in RETRIES
                    for field in ("Retries", "RetryInterval")
                },
            }
        ),
        "driver": closed(POD),
        "executor": closed({**POD, "instances": COUNT}),
    },
    "type",
    "sparkVersion",
    "mainApplicationFile",
    "driver",
    "executor",
)


@pytest.fixture(scope="module")
def application() -> Any:
    (content,) = load_yaml("kubernetes", "spark-application.yaml")
    return content


@pytest.fixture(scope="module")
def resources() -> list[Any]:
    names = (
        "base.yaml",
        "models-job.yaml",
        "driver.yaml",
        "executor.yaml",
        "storage-class-efs.yaml",
    )
    return [resource for name in names for resource in load_yaml("kubernetes", name)]


def settings() -> dict[str, str]:
    own = spark_defaults(FOLDER / "kubernetes.conf")
    return {**spark_defaults(), **own}


def test_names_of_settings_are_known() -> None:
    assert unknown_names(list(settings())) == []


def test_the_application_has_the_fields_that_the_operator_knows(application: Any) -> None:
    assert application["apiVersion"] == "sparkoperator.k8s.io/v1beta2"
    assert application["kind"] == "SparkApplication"
    jsonschema.Draft202012Validator(SPEC).validate(application["spec"])


def test_the_application_has_both_files_settings_and_no_others(application: Any) -> None:
    expected = settings()
    for name, path in FIELDS.items():
        value = application
        for key in path.split("."):
            value = value[key]
        assert str(value) == expected.pop(name), name
    assert application["spec"]["sparkConf"] == expected


def test_the_image_is_the_one_that_is_built(application: Any, resources: list[Any]) -> None:
    version = setup_cfg()["metadata"]["version"]
    assert application["spec"]["image"].endswith(f"/redpajama-spark:{version}")
    assert application["spec"]["sparkVersion"] == arguments(DOCKERFILE)["SPARK_VERSION"]
    job = next(resource for resource in resources if resource["kind"] == "Job")
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert container["image"] == application["spec"]["image"]
    assert "COPY deploy/docker/redpajama.py /opt/redpajama/" in DOCKERFILE
    assert application["spec"]["mainApplicationFile"] == APPLICATION_FILE


def test_names_match(application: Any, resources: list[Any]) -> None:
    defined = {(resource["kind"], resource["metadata"]["name"]) for resource in resources}
    conf = settings()
    namespace = conf["spark.kubernetes.namespace"]
    assert ("Namespace", namespace) in defined
    without = ("Namespace", "Pod", "StorageClass")
    scoped = [resource for resource in resources if resource["kind"] not in without]
    claim = next(item for item in resources if item["kind"] == "PersistentVolumeClaim")
    assert ("StorageClass", claim["spec"]["storageClassName"]) in defined
    assert {resource["metadata"]["namespace"] for resource in scoped} == {namespace}
    for role in ("driver", "executor"):
        account = conf[f"spark.kubernetes.authenticate.{role}.serviceAccountName"]
        assert ("ServiceAccount", account) in defined
        models = f"spark.kubernetes.{role}.volumes.persistentVolumeClaim.models."
        assert ("PersistentVolumeClaim", conf[models + "options.claimName"]) in defined
    binding = next(resource for resource in resources if resource["kind"] == "RoleBinding")
    assert ("Role", binding["roleRef"]["name"]) in defined
    (subject,) = binding["subjects"]
    assert (subject["kind"], subject["name"]) in defined
    (kustomization,) = load_yaml("kubernetes", "kustomization.yaml")
    (config,) = kustomization["configMapGenerator"]
    pod = next(resource for resource in resources if resource["kind"] == "Pod")
    assert pod["spec"]["volumes"][0]["configMap"]["name"] == config["name"]
    assert application["spec"]["driver"]["configMaps"][0]["name"] == config["name"]
    assert [(FOLDER / name).exists() for name in config["files"]] == [True]


def test_nothing_runs_as_root(application: Any, resources: list[Any]) -> None:
    pods = [resource["spec"] for resource in resources if resource["kind"] == "Pod"]
    jobs = [resource["spec"] for resource in resources if resource["kind"] == "Job"]
    pods += [job["template"]["spec"] for job in jobs]
    contexts = [pod["securityContext"] for pod in pods]
    contexts += [application["spec"][role]["podSecurityContext"] for role in ("driver", "executor")]
    assert len(contexts) == 5
    for context in contexts:
        assert context["runAsNonRoot"]
        assert f"USER {context['runAsUser']}" in DOCKERFILE


def test_the_arguments_are_commands_of_the_project(application: Any, resources: list[Any]) -> None:
    job, run = settings_of(application["spec"]["arguments"])
    assert (job, run.config) == ("run", "/etc/redpajama/corpus.yaml")
    fetch = next(resource for resource in resources if resource["kind"] == "Job")
    (container,) = fetch["spec"]["template"]["spec"]["containers"]
    assert container["args"][0] == "redpajama"
    name, fetched = settings_of(container["args"][1:])
    assert name == "fetch-models"
    assert fetched.models == container["volumeMounts"][0]["mountPath"]


def test_the_run_has_valid_settings() -> None:
    root, steps = plan(RunConfig(config=str(FOLDER / "corpus.yaml")))
    assert root.startswith("s3a://")
    (annotate,) = [step for job, step in steps if job == "annotate"]
    mounts = spark_defaults(FOLDER / "kubernetes.conf")
    path = "spark.kubernetes.executor.volumes.persistentVolumeClaim.models.mount.path"
    assert annotate.models == mounts[path]


@pytest.mark.parametrize("page", ["kubernetes/spark-application.yaml", "README.md"])
def test_the_operator_is_told_the_namespace(page: str, application: Any) -> None:
    # by default the chart watches `default`: charts/spark-operator-chart/values.yaml, jobNamespaces
    setting = f"--set 'spark.jobNamespaces={{{application['metadata']['namespace']}}}'"
    assert setting in (DEPLOY / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("role", ["driver", "executor"])
def test_the_scheduler_knows_the_disk_of_a_pod(role: str, application: Any) -> None:
    volume = f"spark.kubernetes.{role}.volumes.emptyDir.spark-local-dir-1.options.sizeLimit"
    size = spark_defaults(FOLDER / "kubernetes.conf")[volume]
    (pod,) = load_yaml("kubernetes", f"{role}.yaml")
    for spec in (pod["spec"], application["spec"][role]["template"]["spec"]):
        (container,) = spec["containers"]
        assert container["resources"] == {"requests": {"ephemeral-storage": size}}
    # the name that Spark looks for in a template of the operator
    assert container["name"] == f"spark-kubernetes-{role}"


def test_prometheus_asks_where_spark_answers() -> None:
    conf = spark_defaults(FOLDER / "kubernetes.conf")
    annotation = "spark.kubernetes.driver.annotation.prometheus.io/"
    marks = {
        name.removeprefix(annotation): value
        for name, value in conf.items()
        if name.startswith(annotation)
    }
    # the port of Spark's pages, and the path that PrometheusResource has below it
    assert marks == {"scrape": "true", "path": "/metrics/executors/prometheus", "port": "4040"}
    assert "spark.ui.port" not in settings()
    sink = "spark.metrics.conf.*.sink.prometheusServlet."
    assert conf[f"{sink}path"] not in marks["path"]
    file = f"{conf[f'{sink}class'].replace('.', '/')}.class"
    (jar,) = JARS.glob("spark-core_*.jar")
    with zipfile.ZipFile(jar) as classes:
        names = classes.namelist()
    assert {file, "org/apache/spark/status/api/v1/PrometheusResource.class"} <= set(names)


def test_the_alternatives_in_comments_are_settings() -> None:
    text = (FOLDER / "kubernetes.conf").read_text(encoding="utf-8")
    names = re.findall(r"(?m)^#     (spark\.\S+)  ", text)
    assert len(names) >= 4
    assert unknown_names(names) == []
