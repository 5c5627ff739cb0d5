// The page that tries the API: Swagger UI from this service alone, over this service's own document.
import SwaggerUIBundle from "swagger-ui-dist/swagger-ui-bundle.js";

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  validatorUrl: null, // it would send the document elsewhere
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  persistAuthorization: false, // a key stays in the page, and goes with it
  requestSnippetsEnabled: true,
});
