"""What every service is built from: small modules named by what they give. Imports no service."""
