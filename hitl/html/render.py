"""Fill in the HTML templates of a package."""

from functools import lru_cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

SHARED = "hitl.html"
"""The package with the document's frame and the macros that all templates may use."""


def render_page(package: str, template: str, **values: object) -> str:
    """Render the document that ``template``, from the ``templates`` folder of ``package``, makes of ``values``.

    Autoescape is on for every template: a value becomes text, never markup. Templates neither mark a value as safe nor put
    one into a script, a style or a URL. Raises jinja2.TemplateError for a wrong template.
    """
    return _environment(package).get_template(template).render(values)


@lru_cache
def _environment(package: str) -> Environment:
    loader = ChoiceLoader([PackageLoader(package), PackageLoader(SHARED)])
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["cell"] = show_cell
    return made


def show_cell(value: object) -> str:
    """Return a table's cell as text: a float with six significant digits, nothing for None.

    >>> show_cell(0.12345678), show_cell(None), show_cell("all")
    ('0.123457', '', 'all')
    """
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)
